// The golden log: every event type and schema as it was once stored. The folded state may change only with a
// projection's version.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { EVENT_TYPES, type RecordedEvent } from '../../projections/events/event-types.ts';
import { PROJECTIONS } from '../../projections/models.ts';
import { fold, type Projection } from '../../projections/state/projection.ts';
import { decode } from '../../src/log/encoding.ts';
import type { StoredEvent } from '../../src/log/journal.ts';
import { publicText } from '../../src/log/public-text.ts';
import { verify } from '../../src/log/verify.ts';
import { stateHash } from '../../src/read-models/state-hash.ts';

/** Add lines for new types and schemas, and never change any: existing logs contain such events for ever. */
const stored = readFileSync('tests/fixtures/golden-log.ndjson', 'utf8')
  .trimEnd()
  .split('\n')
  .map((line): StoredEvent => JSON.parse(line));

const states: Record<string, { version: number; hash: string }> = JSON.parse(
  readFileSync('tests/fixtures/golden-states.json', 'utf8'),
);

test('it contains every event type, in every schema that it ever had', () => {
  const held = new Set(stored.map(({ text }) => JSON.parse(text)).map(({ type, schema }) => `${type} ${schema}`));
  const known = Object.entries(EVENT_TYPES).flatMap(([type, { schema }]) =>
    Array.from({ length: schema }, (_, index) => `${type} ${index + 1}`),
  );
  expect([...held].sort()).toEqual(known.sort());
});

test('its hash chain is valid', async () => {
  const pages = (async function* () {
    yield stored;
  })();
  expect(await verify(pages)).toMatchObject({ events: stored.length, faults: [] });
});

test('events that are stored today are the same, byte for byte', () => {
  for (const { text, stream, version } of stored) {
    const { id, type, schema, occurredAt, organizationId, tenantId, salt, data } = JSON.parse(text);
    const envelope = { id, type, schema, occurredAt, organizationId, tenantId, salt };
    expect(publicText({ ...envelope, data: JSON.stringify(data) }, stream, version)).toBe(text);
  }
});

test.each(Object.entries(PROJECTIONS) as [string, Projection<unknown>][])(
  '%s are what they were; if they have to change, the projection gets a new version',
  (name, projection) => {
    const events: RecordedEvent[] = stored.map(decode);
    const hash = stateHash(fold(projection, events));
    expect({ version: projection.version, hash }).toEqual(states[name]);
  },
);
