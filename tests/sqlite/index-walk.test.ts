// Scans by organisation and type use the indexes alone: SQLite says so of each statement.
import { rm } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { indexWalk } from '../../src/sqlite/journal/index-walk.ts';
import { openLogFile } from '../../src/sqlite/log-file.ts';
import { temporaryDirectory } from '../support/journals.ts';

test('each walk reads an index that has all that it selects by, or a bounded part of the log', async () => {
  const directory = await temporaryDirectory();
  const { database, close } = openLogFile(directory);
  const plans: string[] = [];
  const explaining = {
    prepare(sql: string) {
      const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
      plans.push(steps.map(({ detail }) => detail).find((detail) => detail.includes('events')));
      return database.prepare(sql);
    },
  };
  indexWalk(explaining as typeof database);
  close();
  await rm(directory, { recursive: true });
  expect(plans).toEqual([
    'SEARCH events USING COVERING INDEX events_by_organization (organization_id=? AND position>? AND position<?)',
    'SEARCH events USING COVERING INDEX events_by_type (type=? AND position>? AND position<?)',
    'SEARCH events USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)',
  ]);
});
