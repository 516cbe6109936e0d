// The golden logs: every event type and schema as it was once stored. The states folded from a log may change only with
// a projection's version.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { EVENT_TYPES, type RecordedEvent } from '../../projections/events/event-types.ts';
import { PROJECTIONS } from '../../projections/models.ts';
import { fold, type Projection } from '../../projections/state/projection.ts';
import { decode } from '../../src/log/encoding.ts';
import type { StoredEvent } from '../../src/log/journal.ts';
import { publicText } from '../../src/log/public-text.ts';
import { verify } from '../../src/log/verify.ts';
import { stateHash } from '../../src/read-models/state-hash.ts';

const FOLDER = 'tests/fixtures/golden';
const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.ndjson'))
  .map((name) => name.slice(0, -'.ndjson'.length));

/** Add lines or logs for new types and schemas, and never change any line: existing logs contain such events for ever. */
function storedIn(name: string): StoredEvent[] {
  const lines = readFileSync(`${FOLDER}/${name}.ndjson`, 'utf8').trimEnd().split('\n');
  return lines.map((line): StoredEvent => JSON.parse(line));
}

type States = Readonly<Record<string, { readonly version: number; readonly hash: string }>>;

test('they contain every event type, in every schema that it ever had', () => {
  const texts = names.flatMap(storedIn).map(({ text }) => JSON.parse(text));
  const held = new Set(texts.map(({ type, schema }) => `${type} ${schema}`));
  const known = Object.entries(EVENT_TYPES).flatMap(([type, { schema }]) =>
    Array.from({ length: schema }, (_, index) => `${type} ${index + 1}`),
  );
  expect([...held].sort()).toEqual(known.sort());
});

describe.each(names)('%s', (name) => {
  const stored = storedIn(name);

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

  test('the states are what they were; if one has to change, its projection gets a new version', () => {
    const events: RecordedEvent[] = stored.map(decode);
    const states = Object.entries(PROJECTIONS as Record<string, Projection<unknown>>).map(([model, projection]) => [
      model,
      { version: projection.version, hash: stateHash(fold(projection, events)) },
    ]);
    const known: States = JSON.parse(readFileSync(`${FOLDER}/${name}.json`, 'utf8'));
    expect(Object.fromEntries(states)).toEqual(known);
  });
});
