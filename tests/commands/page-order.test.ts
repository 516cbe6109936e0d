// The order of a page: any wanted order results, from as few moves as possible.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { foldModels } from '../../projections/models.ts';
import { selectOrder, showOrder } from '../../projections/order.ts';
import { orderPage, orderPageInput } from '../../src/commands/page-order.ts';
import type { NewEvent } from '../../src/log/commit.ts';
import { anyone, given, type Happened, id, recorded } from '../support/scenario.ts';

const [A, B] = [id(801), id(802)];
const group = (groupId: string): Happened => ({
  stream: `group-${groupId}`,
  type: 'group.created',
  data: { name: 'A group', description: '', display: 'expanded' },
});
const service = (number: number): Happened => ({
  stream: `service-${id(number)}`,
  type: 'service.created',
  data: { name: `Service ${number}`, description: 'Answers', status: 'operational', uptime: 100 },
});
const PRESENT = [group(A), group(B), ...[1, 2, 3, 4, 5, 6].map(service)];

type Wanted = Omit<Parameters<typeof orderPage.decide>[0], 'organizationId'>;

const orderOf = (happened: readonly Happened[]) =>
  showOrder(selectOrder(foldModels(recorded(happened)).services, anyone, 'default'));

/** What the command records. */
function moves(happened: readonly Happened[], wanted: Wanted): Happened[] {
  const { decision } = given(...happened).when(orderPage, { organizationId: 'default', ...wanted });
  if (decision.kind === 'rejected') throw new Error(decision.message);
  expect(decision.events).toEqual([]);
  return (decision.also ?? []).flatMap(({ stream, events }) =>
    events.map((event) => ({ stream, type: event.type, data: event.data }) as Happened),
  );
}

/** The order that a wanted one stands for, by the rule alone. */
function expected(present: ReturnType<typeof orderOf>, { groups = [], services = [] }: Wanted) {
  const named = new Set([...groups.flatMap((each) => each.services ?? []), ...services]);
  const behind = (first: readonly string[], rest: readonly string[]) => [
    ...first,
    ...rest.filter((each) => !named.has(each)),
  ];
  const wantedOf = new Map(groups.map((each) => [each.id, each.services ?? []]));
  const ids = [...wantedOf.keys(), ...present.groups.map((each) => each.id).filter((each) => !wantedOf.has(each))];
  const presentOf = new Map(present.groups.map((each) => [each.id, each.services]));
  return {
    groups: ids.map((each) => ({ id: each, services: behind(wantedOf.get(each) ?? [], presentOf.get(each) ?? []) })),
    services: behind(services, present.services),
  };
}

/** Some services, distributed over the two groups and none; some groups. */
const wantedOrder: fc.Arbitrary<Wanted> = fc
  .record({
    groups: fc.shuffledSubarray([A, B]),
    services: fc.shuffledSubarray([1, 2, 3, 4, 5, 6].map((number) => id(number))),
    places: fc.array(fc.nat(2), { minLength: 6, maxLength: 6 }),
  })
  .map(({ groups, services, places }) => {
    const at = (place: number) => services.filter((_, index) => Math.min(places[index] ?? 0, groups.length) === place);
    return { groups: groups.map((each, place) => ({ id: each, services: at(place) })), services: at(groups.length) };
  });

describe('for any orders that are wanted one after another', () => {
  test('each results, and is then no longer a change', () => {
    fc.assert(
      fc.property(fc.array(wantedOrder, { minLength: 1, maxLength: 5 }), (orders) => {
        let happened: readonly Happened[] = PRESENT;
        for (const wanted of orders) {
          const results = expected(orderOf(happened), wanted);
          happened = [...happened, ...moves(happened, wanted)];
          expect(orderOf(happened)).toEqual(results);
          expect(moves(happened, wanted)).toEqual([]);
        }
      }),
    );
  });
});

describe('a move', () => {
  const placed = (number: number, groupId: string | null, rank: string): Happened => ({
    stream: `service-${id(number)}`,
    type: 'service.placed',
    data: { groupId, rank },
  });

  test('is one event of what moved, in the group that it moves to', () => {
    const filled = [...PRESENT, placed(1, A, 'a0'), placed(2, A, 'a1'), placed(3, A, 'a2')];
    const inA = (...numbers: readonly number[]): Wanted => ({
      groups: [{ id: A, services: numbers.map((n) => id(n)) }],
    });
    expect(moves(filled, inA(3, 1, 2))).toEqual([placed(3, A, 'Zz')]);
    expect(moves(filled, inA(1, 6, 2, 3))).toEqual([placed(6, A, 'a0V')]);
    expect(moves(filled, { services: [id(2)] })).toEqual([placed(2, null, 'a0')]);
    expect(moves(filled, { groups: [{ id: B }] })).toEqual([
      { stream: `group-${B}`, type: 'group.placed', data: { rank: 'a0' } },
    ]);
  });

  test('between equal ranks, as parallel moves make them, ranks the siblings anew', () => {
    const equal = [...PRESENT, placed(1, A, 'a5'), placed(2, A, 'a5')];
    expect(moves(equal, { groups: [{ id: A, services: [id(1), id(3), id(2)] }] })).toEqual([
      placed(1, A, 'a0'),
      placed(3, A, 'a1'),
      placed(2, A, 'a2'),
    ]);
  });

  test('depends on the group that it goes to, and takes an admin', () => {
    const asked = { organizationId: 'default', groups: [{ id: A, services: [id(1)] }] };
    expect(given(...PRESENT).when(orderPage, asked).decision).toMatchObject({
      role: 'admin',
      guards: [{ stream: `group-${A}`, expected: 1 }],
    });
  });
});

describe('is refused', () => {
  const elsewhere = { organizationId: 'acme' } as const satisfies Partial<NewEvent>;

  test.each<[string, Wanted, string, string]>([
    ['an unknown group', { groups: [{ id: id(9) }] }, 'unknown-group', '/groups/0/id'],
    ['an unknown service', { services: [id(1), id(9)] }, 'unknown-service', '/services/1'],
    [
      'one of another organisation',
      { groups: [{ id: A, services: [id(7)] }] },
      'unknown-service',
      '/groups/0/services/0',
    ],
  ])('%s', (_what, wanted, code, pointer) => {
    const theirs = { ...service(7), ...elsewhere };
    given(...PRESENT, theirs)
      .when(orderPage, { organizationId: 'default', ...wanted })
      .expectRejection(code as 'unknown-group', pointer);
  });

  test('what is named twice', () => {
    const { error } = orderPageInput.safeParse({ groups: [{ id: A, services: [id(1)] }], services: [id(1)] });
    expect(error?.issues).toEqual([expect.objectContaining({ path: ['services', 0], message: 'is named twice' })]);
  });
});
