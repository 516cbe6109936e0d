// What every journal promises of scans: what they select, and that no page of them is long.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NewEvent } from '../../src/log/commit.ts';
import type { Journal, ScanOptions, StoredEvent } from '../../src/log/journal.ts';
import { type LogPage, PAGE } from '../../src/log/page.ts';
import type { JournalStorage, MakeStorage } from '../support/journals.ts';
import { prepared } from '../support/prepared.ts';

const RARE = 'organization.deleted';
const COMMON = 'service.described';

/** One organisation has most of the events, a few have some, and hundreds have one. */
function organizationOf(number: number): string {
  if (number % 50 === 0) return `single-${number}`;
  return number % 7 === 0 ? `some-${number % 5}` : 'most';
}

function made(number: number): NewEvent {
  const organizationId = organizationOf(number);
  if (number % 3_000 === 1) return { type: RARE, organizationId, data: {} };
  if (number % 4 === 0) return { type: 'service.status-reported', organizationId, data: { status: 'major' } };
  return { type: COMMON, organizationId, data: { name: `${number}` } };
}

export function scanContract(name: string, make: MakeStorage): void {
  describe(`${name} keeps the contract of scans`, () => {
    const COUNT = 12_000;
    let storage: JournalStorage;
    let journal: Journal;
    let all: readonly StoredEvent[];

    beforeAll(async () => {
      storage = await make();
      journal = storage.journal();
      await journal.open();
      const numbers = Array.from({ length: COUNT }, (_, index) => index + 1);
      const commits = numbers.map((number) =>
        prepared({ writes: [{ stream: `service-${number % 40}`, expected: 'any', events: [made(number)] }] }),
      );
      await journal.commit(commits);
      all = (await collect({ after: 0 })).flatMap(({ events }) => events);
      expect(all).toHaveLength(COUNT);
    });
    afterAll(() => storage.dispose());

    async function collect(options: ScanOptions): Promise<LogPage<StoredEvent>[]> {
      const pages: LogPage<StoredEvent>[] = [];
      for (let { after } = options; ; ) {
        const page = await journal.page({ ...options, after });
        pages.push(page);
        if (page.through <= after) return pages;
        after = page.through;
      }
    }

    const some = Array.from({ length: 5 }, (_, index) => `some-${index}`);
    const singles = Array.from({ length: 200 }, (_, index) => `single-${50 * index}`);

    type Filter = readonly [string, Omit<ScanOptions, 'after'>];
    const filters: readonly Filter[] = [
      ['everything', {}],
      ['nothing', { organizations: [] }],
      ['the largest organisation', { organizations: ['most'] }],
      ['hundreds and the largest', { organizations: [...singles, 'most'] }],
      ['a rare type', { types: [RARE] }],
      ['a common type of a few', { organizations: some, types: [COMMON] }],
      ['one stream', { stream: 'service-7' }],
      ['one organisation, three at a time', { organizations: ['some-2'], limit: 3 }],
      ['no type', { types: [] }],
      ['no type of one organisation', { organizations: ['most'], types: [] }],
      ['one organisation', { organizations: ['some-2'] }],
      ['an organisation that is not there', { organizations: ['nowhere'] }],
      ['a few organisations', { organizations: some }],
      ['a few and the largest', { organizations: [...some, 'most'] }],
      ['hundreds of organisations', { organizations: singles }],
      ['a common type', { types: [COMMON] }],
      ['several types', { types: [RARE, 'service.status-reported', 'incident.opened'] }],
      ['a rare type of the largest organisation', { organizations: ['most'], types: [RARE] }],
      ['two types of hundreds', { organizations: singles, types: [RARE, COMMON] }],
      ['everything, a hundred at a time', { limit: 100 }],
    ];
    const ranges: readonly [number, number | undefined][] = [
      [0, undefined],
      [500, 11_234],
      [4_321, undefined],
      [7_000, 7_000],
      [COUNT, undefined],
      [COUNT + 5, COUNT + 9],
    ];

    test.each(filters)('%s: exactly that, in order, and each page as far as it says', async (_, filter) => {
      for (const [after, until] of ranges) {
        const range = { after, ...(until === undefined ? {} : { until }) };
        const pages = await collect({ ...range, ...filter });
        const expected = all.filter((event) => isSelected(event, { ...range, ...filter }));
        // Compared as a whole: `toEqual` takes longer than the scan.
        expect(textOf(pages.flatMap(({ events }) => events)) === textOf(expected)).toBe(true);
        expect(pages.at(-1)?.through).toBe(Math.max(after, Math.min(until ?? COUNT, COUNT)));
        for (const [index, { events, through }] of pages.entries()) {
          const before = pages[index - 1]?.through ?? after;
          expect(events.every(({ position }) => position > before && position <= through)).toBe(true);
          expect(events.length).toBeLessThanOrEqual(filter.limit ?? PAGE.events);
        }
      }
    });

    test('a page ends with the event that makes it a megabyte', async () => {
      const big = await make();
      const full = big.journal();
      await full.open();
      const events = Array.from({ length: 10 }, (): NewEvent => {
        return { type: COMMON, organizationId: 'default', data: { name: 'x'.repeat(300_000) } };
      });
      await full.commit([prepared({ writes: [{ stream: 'service-1', expected: 'any', events }] })]);
      for (const filter of [{}, { organizations: ['default'] }, { stream: 'service-1' }]) {
        const lengths: number[] = [];
        for await (const page of full.scan({ after: 0, ...filter })) lengths.push(page.length);
        expect(lengths).toEqual([4, 4, 2]);
      }
      await big.dispose();
    });
  });
}

function isSelected(event: StoredEvent, { after, until, stream, organizations, types }: ScanOptions): boolean {
  const isInRange = event.position > after && event.position <= (until ?? event.position);
  const isOfStream = stream === undefined || event.stream === stream;
  return isInRange && isOfStream && isIn(event.organizationId, organizations) && isIn(event.type, types);
}

function isIn(item: string, list: readonly string[] | undefined): boolean {
  return list === undefined || list.includes(item);
}

function textOf(events: readonly StoredEvent[]): string {
  return events.map(({ position, text }) => `${position} ${text}`).join('\n');
}
