// A whole export, as a stranger gets it: it is sound, and of any byte of it that is flipped, something is said.
import { Readable } from 'node:stream';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import type { Digest } from '../../../projections/chain/chain.ts';
import { exportPages } from '../../../projections/chain/export-pages.ts';
import { type ChainFault, Inspection, type InspectionReport } from '../../../projections/chain/inspection.ts';
import { exportLine } from '../../../src/log/exported-event.ts';
import type { StoredEvent } from '../../../src/log/journal.ts';
import { MemoryJournal } from '../../../src/log/memory-journal.ts';
import { described, naming, prepared, redacting } from '../../support/prepared.ts';

/** As a browser has it. */
const inBrowser: Digest = (text) => bytesToHex(sha256(utf8ToBytes(text)));

/** Event 3 is for members, event 2 is blanked, and event 5 is of another organisation, so it is not in the export. */
let stored: readonly StoredEvent[];
let bytes: Buffer;

beforeAll(async () => {
  const journal = new MemoryJournal({ now: () => new Date('2026-01-01T00:00:00.000Z') });
  const all = async () => ((await journal.scan({ after: 0 }).next()).value ?? []) as readonly StoredEvent[];
  await journal.commit([
    naming('service-1', 'any', 'Ünïcödé 🦊', 'a leak', 'c', 'd'),
    prepared({ writes: [{ stream: 'service-2', expected: 'any', events: [described('e', 'acme')] }] }),
    naming('service-1', 'any', 'f'),
  ]);
  const leak = (await all())[1];
  if (leak) await journal.commit([redacting(leak)]);
  stored = (await all()).filter(({ organizationId }) => organizationId === 'default');
  bytes = Buffer.from(stored.map((event) => exportLine(event, { text: event.position !== 3, meta: false })).join(''));
});

test('it is sound, whoever computes the digests', async () => {
  expect(await check(bytes)).toMatchObject({ events: 6, hidden: 1, blanked: 1, withheld: 0, faultCount: 0 });
});

test('of a byte that is flipped anywhere, something is said there or at the next event', async () => {
  // The break of the last line says nothing.
  const last = bytes.length - 2;
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: last }), fc.integer({ min: 1, max: 255 }), async (index, bits) => {
      const flipped = Buffer.from(bytes);
      flipped[index] = (flipped[index] ?? 0) ^ bits;
      // No hash covers the position.
      fc.pre(!isOfPosition(index));
      const { faults } = await check(flipped);
      const line = bytes.subarray(0, index).filter((byte) => byte === 0x0a).length;
      const near = stored.slice(line, line + 2).map(({ position }) => position);
      const isNamed = ({ position, problems: [problem] }: ChainFault) => {
        if (problem?.name === 'line' || problem?.name === 'cut') return problem.line === line + 1;
        // What is left of a blanked text is held by the event that says so.
        return near.includes(problem?.name === 'changed-again' ? problem.blanked : position);
      };
      expect({ index, bits, isNamed: faults.some(isNamed) }).toEqual({ index, bits, isNamed: true });
    }),
    { numRuns: 300 },
  );
});

describe('a line that is no event', () => {
  test('is told with its number', async () => {
    const lines = bytes.toString().split(/(?<=\n)/);
    const { faults } = await check(Buffer.from(lines.with(3, '{}\n').join('')));
    expect(faults[0]).toEqual({ position: 4, problems: [{ name: 'line', line: 4 }] });
  });

  test('is told as cut where the export ends in it', async () => {
    const { faults } = await check(bytes.subarray(0, -2));
    expect(faults.map(({ problems }) => problems)).toContainEqual([{ name: 'cut', line: 6 }]);
  });
});

test('a head that somebody kept must be there, and be the same', async () => {
  const [first, , , fourth] = stored as [StoredEvent, StoredEvent, StoredEvent, StoredEvent];
  const heads = [
    { position: 1, hash: first.hash },
    { position: 4, hash: first.hash },
    { position: 99, hash: fourth.hash },
  ];
  expect((await check(bytes, heads)).faults).toEqual([
    { position: 4, problems: [{ name: 'other-head', expected: first.hash }] },
    { position: 99, problems: [{ name: 'no-head', last: 7 }] },
  ]);
});

/** The digits of `"position":` begin each line. */
function isOfPosition(index: number): boolean {
  const start = bytes.lastIndexOf('\n', index - 1) + 1;
  return index - start >= '{"position":'.length && index < bytes.indexOf(',', start);
}

async function check(exported: Buffer, heads: { position: number; hash: string }[] = []): Promise<InspectionReport> {
  const inspection = new Inspection(inBrowser, { partial: true, heads });
  const chunks = exported.toString().match(/[\s\S]{1,700}/g) ?? [];
  for await (const page of exportPages(Readable.from(chunks))) for (const line of page) inspection.inspect(line);
  return inspection.finish();
}
