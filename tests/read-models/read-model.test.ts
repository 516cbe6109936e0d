// Read models: current before other subscribers get a commit, and stopped by a throwing fold for one organisation only.
import { expect, test } from '@jest/globals';
import { Subject } from 'rxjs';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { Projection } from '../../projections/state/projection.ts';
import type { Batch } from '../../src/log/commit.ts';
import { ReadModel } from '../../src/read-models/read-model.ts';
import { ReadModels, type Transition } from '../../src/read-models/read-models.ts';
import { type Happened, id, recorded } from '../support/scenario.ts';

const service = (number: number, name = 'A service', organizationId = 'default'): Happened => ({
  stream: `service-${id(number)}`,
  type: 'service.created',
  organizationId,
  data: { name, description: 'One of many', status: 'operational', uptime: 100 },
});

/** A projection of the names of services that throws for one of them. */
const names: Projection<readonly string[]> = {
  name: 'names',
  version: 1,
  initial: [],
  on(state, event) {
    if (event.type !== 'service.created') return state;
    if (event.data.name === 'Poison') throw new Error('Not this one.');
    return [...state, event.data.name];
  },
  encode: (state) => state,
  decode: (state, part) => [...state, String(part)],
};

function batch(...events: readonly RecordedEvent[]): Batch {
  return { events, first: events[0]?.position ?? 0, last: events.at(-1)?.position ?? 0 };
}

test('a fold that throws stops the read model of its organisation, reports it, and skips the whole commit', () => {
  const reported: string[] = [];
  const model = new ReadModel(names, (message) => reported.push(message));
  const [a, b, c, d, e] = recorded([
    service(1, 'A'),
    service(2, 'B', 'org-456'),
    service(3, 'Poison', 'org-456'),
    service(4, 'D'),
    service(5, 'E', 'org-456'),
  ]) as [RecordedEvent, RecordedEvent, RecordedEvent, RecordedEvent, RecordedEvent];
  model.fold(batch(a));
  model.fold(batch(b, c, d));
  model.fold(batch(e));
  expect(model.state).toEqual(['A', 'D']);
  expect([...model.faults.values()]).toEqual([{ projection: 'names', organizationId: 'org-456', position: 3 }]);
  expect(reported).toEqual(['the read model "names" stops for the organisation "org-456" at 3']);
});

test('an event of an unknown type or schema stops the read model of its organisation', () => {
  const reported: unknown[] = [];
  const model = new ReadModel(names, (_message, error) => reported.push(error));
  const [a, b, c, d] = recorded([
    service(1, 'A'),
    service(2, 'B', 'org-456'),
    service(3, 'C', 'org-456'),
    service(4, 'D'),
  ]);
  model.fold(batch(a as RecordedEvent));
  model.fold(batch({ ...b, schema: 99 } as RecordedEvent));
  model.fold(batch(c as RecordedEvent));
  expect([model.state, [...model.faults.keys()]]).toEqual([['A'], ['org-456']]);
  model.fold(batch({ ...d, type: 'weather.changed' } as unknown as RecordedEvent));
  expect([model.state, [...model.faults.keys()]]).toEqual([['A'], ['org-456', 'default']]);
  expect(reported).toEqual([
    new Error('A newer version wrote service.created as schema 99.'),
    new Error('A newer version wrote weather.changed as schema 2.'),
  ]);
});

test('transitions are sent for every commit, with or without a change', () => {
  const committed$ = new Subject<Batch>();
  const models = new ReadModels(committed$, () => {});
  const moved: boolean[] = [];
  models.transitions$.subscribe(({ before, after }) => moved.push(before.incidents !== after.incidents));
  const [a] = recorded([service(1, 'A')]);
  committed$.next(batch(a as RecordedEvent));
  expect(moved).toEqual([false]);
});

test('a transition contains the states before and after its own commit, for every subscriber at any time', () => {
  const committed$ = new Subject<Batch>();
  const models = new ReadModels(committed$, () => {});
  const [first, second, third] = recorded([service(1), service(2), service(3)]).map((event) => batch(event));
  const seen: Transition[][] = [[], []];
  committed$.next(first as Batch);
  models.transitions$.subscribe((transition) => seen[0]?.push(transition));
  committed$.next(second as Batch);
  models.transitions$.subscribe((transition) => seen[1]?.push(transition));
  committed$.next(third as Batch);
  const count = ({ services }: Transition['after']) => [...services.services.entities].length;
  const told = seen.map((each) =>
    each.map(({ batch: { first }, before, after }) => [first, count(before), count(after)]),
  );
  expect(told).toEqual([
    [
      [2, 1, 2],
      [3, 2, 3],
    ],
    [[3, 2, 3]],
  ]);
});
