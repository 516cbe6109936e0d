// The organisations that a read covers: computed once as long as nothing changes, and current after every change.
import { beforeEach, expect, jest, test } from '@jest/globals';
import { foldModels } from '../../projections/models.ts';
import type { OrganizationsState } from '../../projections/organizations.ts';
import { CoveredOrganizations } from '../../src/identity/covered-organizations.ts';
import { ANN, BEN, founded, granted, here, joined, ON_CALL, ORG, team, teamRole } from '../support/members.ts';
import { type Happened, recorded } from '../support/scenario.ts';

let covered: CoveredOrganizations;
beforeEach(() => {
  covered = new CoveredOrganizations(1_000);
});

function stateAfter(...happened: readonly Happened[]): OrganizationsState {
  return foldModels(recorded(happened)).organizations;
}

test('a read covers the own organisations and the default one, as long as it is public', () => {
  expect(covered.of(stateAfter(...founded), ANN)).toEqual([ORG, 'default']);
  expect(covered.of(stateAfter(...founded), BEN)).toEqual(['default']);
  expect(covered.of(stateAfter(...founded), undefined)).toEqual(['default']);
  const hidden: Happened = {
    stream: 'organization-default',
    type: 'organization.created',
    data: { name: 'default', slug: 'default', visibility: 'private' },
  };
  expect(covered.of(stateAfter(...founded, hidden), ANN)).toEqual([ORG]);
  expect(covered.of(stateAfter(...founded, hidden), undefined)).toEqual([]);
});

test('they are computed once for each user, as long as no organisation changes', () => {
  const state = stateAfter(...founded, granted(BEN, 'viewer'));
  const lookups = jest.spyOn(state.ofUsers, 'get');
  const first = covered.of(state, ANN);
  covered.of(state, BEN);
  expect(covered.of(state, ANN)).toBe(first);
  expect(covered.of(state, BEN)).toEqual([ORG, 'default']);
  expect(lookups.mock.calls).toEqual([[ANN], [BEN]]);
});

test('a role that is granted or lost counts at once, also one through a team', () => {
  const steps: [Happened, readonly string[]][] = [
    [granted(BEN, 'viewer'), [ORG, 'default']],
    [here({ type: 'organization.role-revoked', data: { userId: BEN } }), ['default']],
    [team(ON_CALL, 'On call'), ['default']],
    [joined(ON_CALL, BEN), ['default']],
    [teamRole(ON_CALL, 'member'), [ORG, 'default']],
    [here({ type: 'organization.role-revoked', data: { teamId: ON_CALL } }), ['default']],
  ];
  const happened = [...founded];
  for (const [event, expected] of steps) {
    happened.push(event);
    expect(covered.of(stateAfter(...happened), BEN)).toEqual(expected);
  }
});

test('lists beyond the capacity are computed again and not kept', () => {
  const small = new CoveredOrganizations(2);
  const state = stateAfter(...founded);
  expect(small.of(state, ANN)).not.toBe(small.of(state, ANN));
  expect(small.of(state, ANN)).toEqual([ORG, 'default']);
});
