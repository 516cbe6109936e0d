// Damage in an index of the events, while every event is sound.
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fault } from '../../src/log/journal.ts';
import { DatabaseSync } from '../../src/sqlite/driver.ts';
import { indexFaults } from '../../src/sqlite/journal/index-check.ts';
import { SqliteJournal } from '../../src/sqlite/journal/sqlite-journal.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { editPage, loseLast, repeatFirst, replaceText } from '../support/pages.ts';
import { naming } from '../support/prepared.ts';
import { ROOT } from '../support/root.ts';

let sound: string;
let directory: string;

beforeAll(async () => {
  sound = await temporaryDirectory();
  const journal = new SqliteJournal({ directory: sound, root: ROOT });
  await journal.open();
  await journal.commit([naming('service-1', 'any', 'a', 'b', 'c'), naming('service-2', 'any', 'd')]);
  await journal.close();
});
afterAll(() => rm(sound, { recursive: true }));
beforeEach(async () => {
  directory = await temporaryDirectory();
  await cp(sound, directory, { recursive: true });
});
afterEach(() => rm(directory, { recursive: true }));

const STREAMS = 'sqlite_autoindex_events_1';

function faults(until = 4): readonly Fault[] {
  const database = new DatabaseSync(join(directory, 'plive.db'), { readOnly: true });
  try {
    return [...indexFaults(database, until)].flat();
  } finally {
    database.close();
  }
}

test('sound indexes have no faults, whatever is recorded meanwhile', () => {
  expect([faults(), faults(2)]).toEqual([[], []]);
});

describe('an entry', () => {
  const missing = (name: string) => expect.stringMatching(`^The index "${name}" does not have it\\. .*REINDEX`);

  test('that is lost is found, with the position of its event', async () => {
    await editPage(directory, STREAMS, loseLast);
    expect(faults()).toEqual([{ position: 4, problem: missing(STREAMS), of: 'index' }]);
  });

  test('that names another stream is found', async () => {
    await editPage(directory, STREAMS, (page) => replaceText(page, 'service-2', 'service-7'));
    expect(faults()).toEqual([{ position: 4, problem: missing(STREAMS), of: 'index' }]);
  });

  test('that is there in place of another is found', async () => {
    await editPage(directory, STREAMS, repeatFirst);
    expect(faults()).toContainEqual({ position: 2, problem: missing(STREAMS), of: 'index' });
  });

  test('without an event is found', async () => {
    await editPage(directory, 'events', loseLast);
    expect(faults(3)).toContainEqual({
      position: 3,
      problem: expect.stringContaining(`The index "${STREAMS}" has more entries than there are events.`),
      of: 'index',
    });
  });

  test.each(['events_by_organization', 'events_by_type'])('of %s that is lost is found', async (name) => {
    await editPage(directory, name, loseLast);
    expect(faults()).toEqual([{ position: 4, problem: missing(name), of: 'index' }]);
  });
});
