// The checker of runs on several nodes finds each fault that it looks for, in histories that have one.
import { expect, test } from '@jest/globals';
import { faultsOf, type Recorded } from './checker.ts';
import { History, type Operation } from './history.ts';

const TIMES = { begun: 10, ended: 20 };
const created: Operation = {
  ...TIMES,
  kind: 'create',
  id: '1',
  marker: 'm',
  key: 'k',
  status: 201,
  version: 1,
  position: 1,
};
const won: Operation = {
  ...TIMES,
  kind: 'compare-and-set',
  id: '1',
  marker: '',
  status: 200,
  expected: 1,
  version: 2,
  value: 5,
};

const event = (position: number, given: Partial<Recorded> = {}): Recorded => ({
  id: `event-${position}`,
  type: position === 1 ? 'service.created' : 'service.uptime-reported',
  stream: 'service-1',
  version: position,
  position,
  recordedAt: '2026-01-01T00:00:00.000Z',
  data: position === 1 ? { name: 'm' } : { uptime: 5 },
  meta: { commit: { id: `commit-${position}`, index: 0, size: 1 } },
  ...given,
});
const log = [event(1), event(2)];

function faults(operations: readonly Operation[], ...logs: readonly (readonly Recorded[])[]): readonly string[] {
  const history = new History();
  for (const operation of operations) history.add(operation);
  return faultsOf(history, logs);
}

test('a history in which everything is right has no fault', () => {
  const read: Operation = { ...won, kind: 'read', begun: 30, ended: 40, position: 2, atLeast: 2, expected: 2 };
  expect(faults([created, won, read], log, log)).toEqual([]);
});

test.each<[fault: string, operations: readonly Operation[], logs: readonly (readonly Recorded[])[]]>([
  ['Node 2 has another log', [], [log, [event(1)]]],
  ['has position 3', [], [[event(1), event(3, { version: 2 })]]],
  ['has version 3', [], [[event(1), event(2, { version: 3 })]]],
  ['The time goes back', [], [[event(1), event(2, { recordedAt: '2025-12-31T00:00:00.000Z' })]]],
  ['is cut or interleaved', [], [[event(1, { meta: { commit: { id: 'c', index: 0, size: 2 } } }), event(2)]]],
  ['was lost', [created], [[]]],
  [
    'has two results',
    [created, { ...created, id: '2' }],
    [[event(1), event(2, { ...event(1), position: 2, stream: 'service-2' })]],
  ],
  ['exists twice', [], [[event(1), event(2, { ...event(1), position: 2, stream: 'service-2' })]]],
  ['won twice', [created, won, won], [log]],
  ['does not hold 7', [created, { ...won, value: 7 }], [log]],
  ['to who expected that version', [created, { ...won, expected: 2 }], [log]],
  ['answered with 404', [created, { ...won, kind: 'read', begun: 30, ended: 40, status: 404 }], [log]],
  ['refused at 1', [created, { ...won, status: 412, version: 1 }], [log]],
  ['1; 2 was known', [created, won, { ...won, begun: 30, ended: 40, status: 412, version: 1, expected: 0 }], [log]],
  ['"already so" at 1', [created, won, { ...won, kind: 'set', begun: 30, ended: 40, version: 1 }], [log]],
  ['is of 1, before 2', [{ ...won, kind: 'read', position: 1, atLeast: 2 }], [log]],
  ['shows 1, at a position that has 2', [{ ...won, kind: 'read', version: 1, position: 2, expected: 2 }], [log]],
])('it finds: %s', (fault, operations, logs) => {
  expect(faults(operations, ...logs).join('\n')).toContain(fault);
});
