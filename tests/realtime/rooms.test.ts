// Rooms: who hears of what.
import { describe, expect, test } from '@jest/globals';
import type { Viewer } from '../../projections/viewer.ts';
import { EVERYONE, filterOf, mayJoin, roomOf, statusRoomsOf } from '../../src/realtime/rooms.ts';

describe('an entity goes to', () => {
  test('everyone where it names neither organisation nor tenant', () => {
    expect(roomOf({ organizationId: 'default' })).toBe(EVERYONE);
  });

  test('its organisation, whatever its tenant', () => {
    expect(roomOf({ organizationId: 'acme' })).toBe('org:acme');
    expect(roomOf({ organizationId: 'acme', tenantId: 'red' })).toBe('org:acme');
  });

  test('its tenant alone where it names no organisation', () => {
    expect(roomOf({ organizationId: 'default', tenantId: 'red' })).toBe('tenant:red');
  });
});

test('the rooms whose status counts an entity are its organisation and the room that hears of it, each once', () => {
  expect(statusRoomsOf({ organizationId: 'default' })).toEqual(['org:default']);
  expect(statusRoomsOf({ organizationId: 'default', tenantId: 'red' })).toEqual(['org:default', 'tenant:red']);
  expect(statusRoomsOf({ organizationId: 'acme', tenantId: 'red' })).toEqual(['org:acme']);
});

test('a tenant room shows what has no organisation, so never what another organisation labels alike', () => {
  expect(filterOf('tenant:red')).toEqual({ organizationId: 'default', tenantId: 'red' });
  expect(filterOf('org:acme')).toEqual({ organizationId: 'acme' });
});

test('who may not see an organisation may not join its room, nor the tenants of an organisation they may not see', () => {
  const viewer: Viewer = {
    actor: { kind: 'anonymous' },
    organizations: ['acme'],
    access: (organizationId) => (organizationId === 'acme' ? 'public' : 'none'),
  };
  expect(mayJoin(viewer, 'org:acme')).toBe(true);
  expect(mayJoin(viewer, 'org:umbrella')).toBe(false);
  expect(mayJoin(viewer, EVERYONE)).toBe(false);
  expect(mayJoin(viewer, 'tenant:acme')).toBe(false);
});
