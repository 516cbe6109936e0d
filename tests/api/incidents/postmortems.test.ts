// Postmortems and timelines over the wire: what members draft nobody else can notice, what is published everybody reads.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ShownIncident } from '../../../projections/incidents.ts';
import { type AccountsApp, type Someone, startOwned } from '../../support/accounts.ts';
import { ask } from '../../support/rest.ts';

let app: AccountsApp & { readonly owner: Someone };
let incident: ShownIncident;

beforeAll(async () => {
  app = await startOwned();
  const json = { title: 'Slow', description: 'Answers take long', startedAt: '2026-03-01T10:00:00Z' };
  incident = (await asOwner<ShownIncident>('/api/incidents', { json })).body;
});
afterAll(() => app.close());

function asOwner<B>(path: string, asked: object = {}) {
  return ask<B>(app, path, { headers: app.owner.headers, ...asked });
}

const path = () => `/api/incidents/${incident.id}`;
const change = (json: object) => asOwner<object>(`${path()}/postmortem`, { method: 'PUT', json });

/** Everything that a stranger can read, but the position of the log. */
async function seenByStrangers(): Promise<readonly string[]> {
  const paths = [
    '/api/incidents',
    path(),
    `${path()}/history`,
    `${path()}/timeline`,
    `${path()}?position=3`,
    '/api/events?limit=1000',
    '/api/events/histogram',
    '/api/status',
  ];
  const answered = await Promise.all(paths.map((each) => ask(app, each)));
  return answered.map(({ text, etag }, index) => {
    const isLog = paths[index]?.startsWith('/api/events?');
    return isLog ? text.replace(/"(next|head)":\d+/g, '') : `${etag} ${text}`;
  });
}

describe('a draft', () => {
  test('is for members, and nobody else can tell that there is one', async () => {
    const before = await seenByStrangers();
    const { status, body, etag } = await change({ text: 'A disk was full' });
    expect([status, body]).toMatchObject([200, { text: 'A disk was full', status: 'draft', published: null }]);
    expect(await asOwner(`${path()}/postmortem`)).toMatchObject({ body, etag });
    const { position } = app.log;
    const redacted = await asOwner(`/api/events/${position}/redaction`, { json: { reason: 'A secret' } });
    expect(redacted.status).toBe(201);
    expect(await seenByStrangers()).toEqual(before);
    expect((await asOwner<object>(`${path()}/postmortem`)).body).toMatchObject({ text: '[redacted]' });
    const history = `/api/postmortems/${incident.id}/history`;
    expect((await ask(app, `${path()}/postmortem`)).status).toBe(401);
    expect((await ask(app, history)).status).toBe(404);
    expect((await asOwner<{ entries: object[] }>(history)).body.entries).toHaveLength(2);
  });

  test('is not changed by somebody who has not seen it as it is', async () => {
    const json = { text: 'Two disks were full' };
    const stale = await asOwner(`${path()}/postmortem`, {
      method: 'PUT',
      json,
      headers: { ...app.owner.headers, 'If-Match': '"1-1"' },
    });
    expect(stale.status).toBe(412);
  });
});

test('what is published stays as it is until it is published again, and can be redacted', async () => {
  const published = async () => (await ask<ShownIncident>(app, path())).body.postmortem;
  await change({
    text: 'A disk was full',
    status: 'published',
    translations: { de: { text: 'Eine Platte war voll' } },
  });
  const first = { text: 'A disk was full', translations: { de: { text: 'Eine Platte war voll' } } };
  expect(await published()).toMatchObject(first);
  const { position } = app.log;
  expect((await change({ text: 'Two disks were full' })).body).toMatchObject({
    text: 'Two disks were full',
    status: 'published',
    published: first,
  });
  await asOwner(`/api/events/${position}/redaction`, { json: { reason: 'A secret' } });
  expect(await published()).toMatchObject({ text: '[redacted]', translations: { de: { text: '[redacted]' } } });
  expect((await change({ status: 'published' })).status).toBe(200);
  expect(await published()).toMatchObject({ text: 'Two disks were full' });
  expect((await change({ status: 'draft' })).body).toMatchObject({ status: 'draft', published: null });
  expect(await published()).toBeUndefined();
});

test('the timeline tells what happened, in order, as it is known now', async () => {
  const service = (await asOwner<{ id: string }>('/api/services', { json: { name: 'Search', description: 'Finds' } }))
    .body;
  const post = async (json: object) => (await asOwner<{ id: string }>(`${path()}/updates`, { json })).body;
  await post({
    status: 'identified',
    message: 'A disk',
    impacts: { [service.id]: 'partial' },
    at: '2026-03-01T10:20:00Z',
  });
  const wrong = await post({ status: 'monitoring', message: 'A fix', at: '2026-03-01T10:30:00Z' });
  const early = await post({ status: 'investigating', message: 'We look', at: '2026-03-01T10:10:00Z' });
  await asOwner(`${path()}/updates/${wrong.id}`, { method: 'DELETE' });
  await asOwner(`${path()}/updates/${early.id}`, { method: 'PUT', json: { message: 'We look into it' } });
  await asOwner(path(), { method: 'PUT', json: { startedAt: '2026-03-01T09:50:00Z' } });
  const { position } = app.log;
  await asOwner(path(), { method: 'PUT', json: { impact: 'major', status: 'resolved' } });
  const timeline = async (query = '') =>
    (await ask<{ at: string; kind: string; text: string }[]>(app, `${path()}/timeline${query}`)).body;
  const expected = [
    ['2026-03-01T09:50:00.000Z', 'started', 'Slow'],
    ['2026-03-01T10:10:00.000Z', 'update', 'We look into it'],
    ['2026-03-01T10:20:00.000Z', 'update', 'A disk'],
    ['2026-03-01T10:20:00.000Z', 'impact', 'Search: partial'],
  ];
  expect((await timeline(`?position=${position}`)).map(({ at, kind, text }) => [at, kind, text])).toEqual(expected);
  expect((await timeline()).slice(4).map(({ kind, text }) => [kind, text])).toEqual([
    ['impact', 'impact: major'],
    ['status', 'resolved'],
  ]);
});
