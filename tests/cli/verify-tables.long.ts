// What `plive verify` finds outside the events: in the pages of the database, and in the tables of identity.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Fault } from '../../src/log/journal.ts';
import { DatabaseSync } from '../../src/sqlite/driver.ts';
import { type AccountsApp, addKey, type Machine, type Someone, startOwned } from '../support/accounts.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { editPage, loseLast } from '../support/pages.ts';
import { plive, pliveJson } from '../support/plive.ts';
import { ask } from '../support/rest.ts';

let directory: string;
let app: AccountsApp & { owner: Someone };
let key: Machine;

beforeEach(async () => {
  directory = await temporaryDirectory();
  app = await startOwned({ DATABASE_URL: 'sqlite:', DATA_DIR: directory });
  key = await addKey(app, 'admin');
  await ask(app, '/api/organizations/default/invitations', { json: { role: 'viewer' }, headers: app.owner.headers });
});
afterEach(async () => {
  await app.close();
  await rm(directory, { recursive: true });
});

function inDatabase(sql: string): void {
  const database = new DatabaseSync(join(directory, 'plive.db'));
  database.exec(sql);
  database.close();
}

const faults = async () => (await pliveJson<{ faults: readonly object[] }>(directory, 'verify')).faults;

/** `pliveJson` refuses an exit code other than 0. */
async function found(): Promise<readonly Fault[]> {
  const { code, stdout } = await plive(directory, 'verify', '--json');
  expect(code).toBe(1);
  return JSON.parse(stdout).faults;
}

test('keys and invitations as the log made them are sound', async () => {
  expect(await faults()).toEqual([]);
});

test('a key of another organisation than the one that made it is a fault, at the event that made it', async () => {
  inDatabase(`UPDATE api_keys SET organization_id = 'acme' WHERE id = '${key.id}'`);
  expect(await found()).toEqual([
    {
      position: app.log.position - 1,
      problem: `The database has the key ${key.id} for the organisation acme; this event made it for default.`,
    },
  ]);
  // It opens nothing either: rights are those of the key in the log.
  expect(await ask(app, '/api/organizations/acme', { headers: key.headers })).toMatchObject({ status: 401 });
});

test('a key that the log never made is a fault, and so is the link of such an invitation', async () => {
  inDatabase("INSERT INTO api_keys (id, organization_id, digest) VALUES ('forged', 'default', 'x')");
  inDatabase("UPDATE links SET subject_id = 'forged too' WHERE purpose = 'invitation'");
  expect(await found()).toEqual([
    { position: 0, problem: 'The database has the key forged, which the log never made.' },
    { position: 0, problem: 'The database has the invitation forged too, which the log never made.' },
  ]);
  expect((await plive(directory, 'verify')).stdout).toContain('\nThe database has the key forged, which');
});

test('damage in an index or a table is a fault, as SQLite finds it', async () => {
  await app.close();
  await editPage(directory, 'events_by_type', loseLast);
  await editPage(directory, 'sessions_by_use', loseLast);
  const problems = (await found()).map(({ problem }) => problem);
  expect(problems).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^SQLite finds in the table "events": row \d+ missing from index events_by_type\.$/),
      expect.stringMatching(/^SQLite finds in the table "sessions": row 1 missing from index sessions_by_use\.$/),
    ]),
  );
  expect(problems.join('')).not.toMatch(/\n|\*|\.\./);
});
