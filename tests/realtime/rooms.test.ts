// Rooms: who hears of what.
import { describe, expect, test } from '@jest/globals';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { EVERYONE, mayJoin, partOf, roomOf } from '../../src/realtime/rooms.ts';

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

test('a room shows what it hears of: a tenant room never what another organisation labels alike', () => {
  expect(partOf('org:default')).toBe('unlabelled');
  expect(partOf('tenant:red')).toEqual({ organizationId: 'default', tenantId: 'red' });
  expect(partOf('org:acme')).toEqual({ organizationId: 'acme' });
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
