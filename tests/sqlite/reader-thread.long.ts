// The reader thread of the SQLite journal: scans wait for no commit, commits for no scan, and nothing redacted stays.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { EventLog } from '../../src/log/event-log.ts';
import type { StoredEvent } from '../../src/log/journal.ts';
import { DatabaseSync } from '../../src/sqlite/driver.ts';
import { SqliteJournal } from '../../src/sqlite/journal/sqlite-journal.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { naming, redacting } from '../support/prepared.ts';
import { ROOT } from '../support/root.ts';

let directory: string;
let journal: SqliteJournal;

beforeEach(async () => {
  directory = await temporaryDirectory();
  journal = new SqliteJournal({ directory, root: ROOT });
});
afterEach(async () => {
  await journal.close();
  await rm(directory, { recursive: true });
});

test('a scan goes on while a commit waits for the disk', async () => {
  await journal.open();
  await journal.commit([naming('service-1', 'any', 'a')]);
  const other = new DatabaseSync(join(directory, 'plive.db'));
  other.exec('BEGIN IMMEDIATE');
  let isCommitted = false;
  const commit = journal.commit([naming('service-1', 'any', 'b')]).then(() => {
    isCommitted = true;
  });
  expect((await journal.page({ after: 0 })).events).toHaveLength(1);
  expect(isCommitted).toBe(false);
  other.exec('COMMIT');
  other.close();
  await commit;
  expect((await journal.page({ after: 0 })).events).toHaveLength(2);
});

test('a journal that cannot be opened ends its threads, however far they have started', async () => {
  await journal.open();
  const refused = expect.objectContaining({ code: 'in-use' });
  for (let time = 0; time < 10; time += 1) {
    await expect(new SqliteJournal({ directory, root: ROOT }).open()).rejects.toEqual(refused);
  }
});

test('a page has every event that was acknowledged before it was asked for', async () => {
  await journal.open();
  for (let number = 1; number <= 200; number += 1) {
    await journal.commit([naming('service-1', 'any', `${number}`)]);
    const filter = number % 2 === 0 ? {} : { organizations: ['default'] };
    expect((await journal.page({ after: number - 1, ...filter })).through).toBe(number);
  }
});

test('an acknowledged redaction leaves no byte in the files, also while scans read them all the time', async () => {
  const reported: string[] = [];
  const report = (message: string) => reported.push(message);
  await journal.open();
  // So long that each page is cut off in the middle of a statement.
  await journal.commit([naming('service-0', 'any', ...Array.from({ length: 300 }, () => 'x'.repeat(10_000)))]);
  await journal.close();
  const log = new EventLog(journal, { newId, eventsInMemory: 1, maxWaiting: 10, report });
  await log.open();
  const stopped = new AbortController();
  const scan = async () => {
    while (!stopped.signal.aborted) for await (const _ of journal.scan({ after: 0 }));
  };
  const scans = [scan(), scan(), scan()];
  try {
    for (let round = 0; round < 5; round += 1) {
      const name = `hunter-${round}-`.repeat(20);
      const meta = { actor: { kind: 'system' }, correlationId: 'test' } as const;
      const write = { stream: 'service-1', expected: 'any' } as const;
      const event = { type: 'service.described', organizationId: 'default', data: { name } } as const;
      await log.append({ ...meta, writes: [{ ...write, events: [event] }] });
      const [secret] = (await journal.page({ after: log.position - 1 })).events as [StoredEvent];
      const { redactions } = redacting(secret);
      const data = { eventId: JSON.parse(secret.text).id, remainder: '0'.repeat(64), shown: [], reason: 'A leak' };
      const said = { type: 'event.redacted', organizationId: 'default', data } as const;
      expect(await log.append({ ...meta, writes: [{ ...write, events: [said] }], redactions })).toMatchObject({
        kind: 'appended',
      });
      expect(await bytes()).not.toContain(`hunter-${round}-`);
    }
  } finally {
    stopped.abort();
    await Promise.all(scans);
    await log.close();
  }
  expect(reported).toEqual([]);
});

async function bytes(): Promise<string> {
  const files = await readdir(directory);
  return (await Promise.all(files.map((file) => readFile(join(directory, file), 'latin1')))).join('');
}
