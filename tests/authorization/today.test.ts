// Authorisation is today's: whoever lost a role learns nothing any more, by a repeat, of the past, or on what they left open.
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { addOrganization, addPerson, happen, type Someone, startOwned } from '../support/accounts.ts';
import { temporaryDirectory } from '../support/journals.ts';
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

test('the page as it was shows strangers nothing that was deleted or retracted since', async () => {
  const directory = await temporaryDirectory();
  const kept = await startOwned({ DATABASE_URL: 'sqlite:', DATA_DIR: directory });
  const { headers } = kept.owner;
  const service = await ask(kept, '/api/services', { json: { ...SERVICE, name: 'Deleted since' }, headers });
  const json = { title: 'Retracted since', description: 'It was none' };
  const incident = await ask(kept, '/api/incidents', { json, headers });
  const path = `/api/page?organizationId=default&position=${kept.log.position}`;
  await ask(kept, `/api/services/${service.body.id}`, { method: 'DELETE', headers });
  const retraction = `/api/incidents/${incident.body.id}/retraction`;
  expect((await ask(kept, retraction, { json: { reason: 'A mistake' }, headers })).status).toBe(204);
  expect((await ask(kept, path, { headers })).text).toMatch(/Deleted since.*Retracted since/s);
  const asStranger = await ask(kept, path);
  expect([asStranger.status, /Deleted since|Retracted since/.test(asStranger.text)]).toEqual([200, false]);
  await kept.close();
  await rm(directory, { recursive: true });
});
