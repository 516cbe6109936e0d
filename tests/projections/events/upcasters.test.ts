// Upcasters: every old schema of an event is converted to the current one.
import { expect, test } from '@jest/globals';
import { checkUpcasters, isFromTheFuture, upcast } from '../../../projections/events/upcasters.ts';

const TYPES = { 'lamp.lit': { schema: 3 }, 'lamp.broken': { schema: 1 } };
const UPCASTERS = {
  'lamp.lit': [
    ({ color, ...data }: Readonly<Record<string, unknown>>) => ({ ...data, colour: color }),
    (data: Readonly<Record<string, unknown>>) => ({ ...data, watts: 5 }),
  ],
};

test.each([
  [1, { color: 'red' }],
  [2, { colour: 'red' }],
  [3, { colour: 'red', watts: 5 }],
])('schema %i is converted to the current one', (schema, data) => {
  const event = { type: 'lamp.lit', schema, data, position: 7 };
  expect(upcast(event, UPCASTERS)).toEqual({
    type: 'lamp.lit',
    schema: 3,
    data: { colour: 'red', watts: 5 },
    position: 7,
  });
});

test('an event with the current schema, a future one or an unknown type stays unchanged', () => {
  for (const event of [
    { type: 'lamp.broken', schema: 1, data: {} },
    { type: 'lamp.lit', schema: 4, data: {} },
    { type: 'weather.changed', schema: 1, data: {} },
  ]) {
    expect(upcast(event, UPCASTERS)).toBe(event);
  }
});

test('a type with a schema that cannot be converted is found', () => {
  expect(() => checkUpcasters(TYPES, UPCASTERS)).not.toThrow();
  expect(() => checkUpcasters({ ...TYPES, 'lamp.broken': { schema: 2 } }, UPCASTERS)).toThrow(
    'lamp.broken is at schema 2: it needs 1 upcasters, but has 0.',
  );
  expect(() => checkUpcasters({ ...TYPES, 'lamp.lit': { schema: 2 } }, UPCASTERS)).toThrow('lamp.lit');
});

test('every schema of every real type can be converted', () => {
  expect(() => checkUpcasters()).not.toThrow();
});

test('an unknown type, or an unknown schema of a known one, is from the future', () => {
  expect(isFromTheFuture({ type: 'service.created', schema: 1 })).toBe(false);
  expect(isFromTheFuture({ type: 'service.created', schema: 99 })).toBe(true);
  expect(isFromTheFuture({ type: 'weather.changed', schema: 1 })).toBe(true);
});

test('a redaction of schema 1 names members and an update; it becomes pointers to them', () => {
  const data = { eventId: 'e', shown: ['title', 'team t', 'key k'], updateId: 'u', reason: 'A leak' };
  expect(upcast({ type: 'event.redacted', schema: 1, data })).toEqual({
    type: 'event.redacted',
    schema: 2,
    data: { eventId: 'e', reason: 'A leak', shown: ['/title', '/teams/t/name', '/keys/k/name', '/updates/u/message'] },
  });
});
