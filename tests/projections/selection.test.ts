// What a viewer may see of a collection: looked up once as long as neither the collection nor the organisations change.
import { beforeEach, expect, jest, test } from '@jest/globals';
import { foldModels } from '../../projections/models.ts';
import { selectEntities, selectPosition, selectScopes } from '../../projections/selection.ts';
import type { Service } from '../../projections/service.ts';
import type { Collection } from '../../projections/state/collection.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { type Happened, id, recorded } from '../support/scenario.ts';

const service = (number: number, organizationId: string, tenantId?: string): Happened => ({
  stream: `service-${id(number)}`,
  organizationId,
  ...(tenantId === undefined ? {} : { tenantId }),
  type: 'service.created',
  data: { name: 'A service', description: 'Of many', status: 'operational', uptime: 100 },
});
const happened = [service(1, 'acme'), service(2, 'best', 'east'), service(3, 'other')];

const viewerOf = (organizations: readonly string[]): Viewer => ({
  actor: { kind: 'user', id: id(11) },
  organizations,
  access: (organizationId) => (organizations.includes(organizationId) ? 'viewer' : 'none'),
});

let services: Collection<Service, unknown>;
beforeEach(() => {
  services = foldModels(recorded(happened)).services.services;
});

const idsOf = (viewer: Viewer, part = {}) => [...selectEntities(services, viewer, part)].map((each) => each.id);

test('scopes are looked up once for the same organisations, whatever is selected from them', () => {
  const organizations = ['acme', 'best', 'without-services'];
  const lookups = jest.spyOn(services.scopes, 'get');
  // Each request has a viewer of its own.
  const scopes = selectScopes(services, viewerOf(organizations), {});
  selectPosition(services, viewerOf(organizations), {});
  expect(idsOf(viewerOf(organizations))).toEqual([id(1), id(2)]);
  expect(selectScopes(services, viewerOf(organizations), {})).toEqual(scopes);
  expect(lookups).toHaveBeenCalledTimes(organizations.length);
});

test('another filter, other organisations and another state select anew', () => {
  const organizations = ['acme', 'best'];
  expect(idsOf(viewerOf(organizations))).toEqual([id(1), id(2)]);
  expect(idsOf(viewerOf(organizations), { tenantId: 'east' })).toEqual([id(2)]);
  expect(idsOf(viewerOf(organizations), { tenantId: 'west' })).toEqual([]);
  expect(idsOf(viewerOf(organizations), { organizationId: 'acme' })).toEqual([id(1)]);
  expect(idsOf(viewerOf(organizations), { organizationId: 'other' })).toEqual([]);
  expect(idsOf(viewerOf(organizations))).toEqual([id(1), id(2)]);
  expect(idsOf(viewerOf(['best']))).toEqual([id(2)]);
  services = foldModels(recorded([...happened, service(4, 'acme')])).services.services;
  expect(idsOf(viewerOf(organizations))).toEqual([id(1), id(4), id(2)]);
});
