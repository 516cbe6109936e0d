// Workflows on two nodes with one PostgreSQL database: another node goes on with what one has left, and nobody is bound
// who is gone.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { tiesOf } from '../../projections/organizations.ts';
import { removeUnused } from '../../src/workflows/remove-unused.ts';
import {
  type AccountsApp,
  addOrganization,
  addPerson,
  grant,
  type Someone,
  startOwned,
  startUnowned,
} from '../support/accounts.ts';
import { newDatabase } from '../support/postgres.ts';
import { ask } from '../support/rest.ts';

let fresh: Awaited<ReturnType<typeof newDatabase>>;
let here: AccountsApp & { readonly owner: Someone };
let there: AccountsApp;

beforeEach(async () => {
  fresh = await newDatabase();
  here = await startOwned({ DATABASE_URL: fresh.url, NODE_NAME: 'here' });
  there = await startUnowned({ DATABASE_URL: fresh.url, NODE_NAME: 'there' });
});
afterEach(async () => {
  await here.close();
  await there.close();
  expect([here.reported, there.reported]).toEqual([[], []]);
  await fresh.drop();
});

async function inDatabase(sql: string): Promise<readonly { readonly step: string }[]> {
  const client = new pg.Client({ connectionString: fresh.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const abandon = () => inDatabase('update plive.pending set until = clock_timestamp()');
const pending = () => inDatabase('select step from plive.pending');
const TERMS = { correlationId: 'test' };

async function ties(app: AccountsApp, userId: string): Promise<readonly string[]> {
  await app.log.freshen();
  return tiesOf(app.models.current.organizations, userId);
}

test('a workflow is finished by another node once the one that began it has gone', async () => {
  const ada = await addPerson(here, 'member');
  const workflows = here.identity.pending;
  await workflows.put(workflows.begin({ kind: 'erase', step: 'leave', data: { userId: ada.id } }));
  await there.workflows.resume();
  expect((await there.identity.accounts.find(ada.id))?.name).toBe(ada.name);
  await abandon();
  await there.workflows.resume();
  expect([await here.identity.accounts.find(ada.id), await ties(here, ada.id)]).toEqual([undefined, []]);
});

test('an erasure looks again, later, and leaves what another node was just recording', async () => {
  const ada = await addPerson(here, 'member');
  expect(await here.workflows.eraseAccount.run({ userId: ada.id }, TERMS)).toBeUndefined();
  await grant(there, { userId: ada.id, role: 'member' });
  expect([await ties(there, ada.id), await pending()]).toEqual([['default'], [{ step: 'look-again' }]]);
  await abandon();
  await there.workflows.resume();
  expect([await ties(there, ada.id), await pending()]).toEqual([[], []]);
});

test('an account that was made in vain is looked at again, too', async () => {
  const ada = await addPerson(here);
  const { identity, log, models } = here;
  expect(await removeUnused({ ...identity, log, models }, ada.id)).toBeUndefined();
  await grant(there, { userId: ada.id, role: 'member' });
  expect(await ties(there, ada.id)).toEqual(['default']);
  await abandon();
  await there.workflows.resume();
  expect([await ties(there, ada.id), await pending()]).toEqual([[], []]);
});

test('an invitation of one node can be accepted on the other at once', async () => {
  await addOrganization(here, 'acme', { owner: here.owner });
  const path = '/api/organizations/acme/invitations';
  const invited = await ask<{ link: string }>(here, path, { json: { role: 'member' }, headers: here.owner.headers });
  const token = invited.body.link.split('#token=')[1];
  const json = { token, name: 'Ada', email: 'ada@plive.test', password: 'correct horse battery' };
  const joined = await ask<{ id: string }>(there, '/api/invitations', { json });
  expect([invited.status, joined.status, await ties(here, joined.body.id)]).toEqual([201, 201, ['acme']]);
});

test('who was signed out a moment ago on another node founds nothing and joins nothing', async () => {
  const ada = await addPerson(here);
  const asAda = (path: string, json: object) => ask(there, path, { json, headers: ada.headers });
  expect((await asAda('/api/organizations', { name: 'Before' })).status).toBe(201);
  const path = '/api/organizations/default/invitations';
  const invited = await ask<{ link: string }>(here, path, { json: { role: 'member' }, headers: here.owner.headers });
  // Without a revocation: nobody has heard of it yet.
  await inDatabase(`delete from plive.sessions where user_id = '${ada.id}'`);
  const founded = await asAda('/api/organizations', { name: 'After' });
  const joined = await asAda('/api/invitations', { token: invited.body.link.split('#token=')[1] });
  expect([founded.status, joined.status]).toEqual([403, 403]);
  expect(await ties(there, ada.id)).toHaveLength(1);
});
