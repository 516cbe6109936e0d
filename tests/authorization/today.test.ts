// Authorisation is today's: whoever lost a role learns nothing any more, by a repeat, of the past, or on what they left open.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { addOrganization, addPerson, happen, type Someone, startOwned } from '../support/accounts.ts';
import { ask } from '../support/rest.ts';

let app: Awaited<ReturnType<typeof startOwned>>;
let organizationId: string;
let member: Someone;

beforeEach(async () => {
  app = await startOwned();
  organizationId = newId();
  await addOrganization(app, organizationId, { owner: app.owner });
  member = await addPerson(app, 'admin', organizationId);
});
afterEach(() => app.close());

const SERVICE = { name: 'Search', description: 'Finds things' };

function removed(): Promise<void> {
  const data = { userId: member.id };
  return happen(app, organizationId, [{ type: 'organization.role-revoked', organizationId, data }]);
}

test.each([
  ['a service', '/api/services', SERVICE],
  ['an incident', '/api/incidents', { title: 'Slow', description: 'Answers take long' }],
])('a repeat that made %s answers its sender only while they belong to where that is', async (_what, path, fields) => {
  const headers = { ...member.headers, 'Idempotency-Key': 'once' };
  const asked = { json: { ...fields, organizationId }, headers };
  const first = await ask(app, path, asked);
  expect([first.status, (await ask(app, path, asked)).text]).toEqual([201, first.text]);
  const then = app.log.position;
  await removed();
  const again = await ask(app, path, asked);
  expect([again.status, again.body.code]).toEqual([404, 'not-found']);
  expect(again.text).not.toContain(String(first.body.id));
  for (const query of ['', `?position=${then}`]) {
    expect((await ask(app, `${path}/${first.body.id}${query}`, { headers: member.headers })).status).toBe(404);
  }
  expect((await ask(app, `${path}?organizationId=${organizationId}&position=${then}`, { headers })).body).toEqual([]);
});
