// Templates over the wire: members keep them, and nobody else can tell that there are any.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ShownTemplate } from '../../../projections/templates.ts';
import { type AccountsApp, type Someone, startOwned } from '../../support/accounts.ts';
import { ask } from '../../support/rest.ts';
import { LiveServer } from '../../support/sockets.ts';

let app: AccountsApp & { readonly owner: Someone };

beforeAll(async () => {
  app = await startOwned();
});
afterAll(() => app.close());

function asOwner<B>(path: string, asked: object = {}) {
  return ask<B>(app, path, { headers: app.owner.headers, ...asked });
}

const create = async (title: string) =>
  (await asOwner<ShownTemplate>('/api/templates', { json: { title, text: 'Since {{time}}' } })).body;

test('members create, read, change and place templates', async () => {
  const [first, second] = [await create('Slow'), await create('Down')];
  expect([first, second]).toMatchObject([
    { title: 'Slow', impact: 'minor', status: null, services: [], nextUpdateMinutes: null, version: 1 },
    { title: 'Down' },
  ]);
  const path = `/api/templates/${second.id}`;
  const json = { status: 'identified', nextUpdateMinutes: 15, after: null };
  const { body } = await asOwner<ShownTemplate>(path, { method: 'PUT', json });
  expect(body).toMatchObject({ status: 'identified', nextUpdateMinutes: 15, version: 2 });
  expect(body.order < first.order).toBe(true);
  expect((await asOwner<ShownTemplate[]>('/api/templates')).body).toEqual([first, body]);
  expect((await asOwner<ShownTemplate[]>('/api/templates?limit=1')).body).toEqual([first]);
  expect((await asOwner(`${path}?position=${app.log.position - 1}`)).body).toEqual(second);
});

test('strangers find no template, no count, no tag and no event of one', async () => {
  const { id } = await create('Secret');
  const paths = ['', '?limit=5', '?organizationId=default', '?position=3'].map((query) => `/api/templates${query}`);
  const seen = async () =>
    Promise.all(
      [...paths, `/api/templates/${id}`, `/api/templates/${id}/history`, `/api/events?type=template.created`].map(
        async (path) => {
          const { status, text, etag } = await ask(app, path);
          return [
            path,
            status,
            etag?.replace(/^.*:|"/g, ''),
            text.replace(/"(next|head|requestId)":("[^"]*"|\d+)/g, ''),
          ];
        },
      ),
    );
  const before = await seen();
  expect(before.slice(0, 4).map(([, status, tag, text]) => [status, tag, text])).toEqual(
    Array(4).fill([200, '0', '[]']),
  );
  expect(before.slice(4, 6).map(([, status]) => status)).toEqual([404, 404]);
  await asOwner(`/api/templates/${id}`, { method: 'PUT', json: { title: 'Still secret' } });
  expect((await asOwner(`/api/events/${app.log.position}/redaction`, { json: { reason: 'Secret' } })).status).toBe(201);
  const withoutHead = (rows: typeof before) => rows.slice(0, 6);
  expect(withoutHead(await seen())).toEqual(withoutHead(before));
  expect((await seen())[6]?.[3]).not.toContain('template');
  expect((await asOwner<ShownTemplate>(`/api/templates/${id}`)).body.title).toBe('[redacted]');
  const log = await ask<{ events: { stream: string }[] }>(app, '/api/events?limit=1000');
  expect(log.body.events.filter(({ stream }) => stream.startsWith('template-'))).toEqual([]);
});

test('rooms hear nothing of templates', async () => {
  const server = await LiveServer.start();
  const listener = await server.connect();
  const json = { title: 'Slow', text: 'Since {{time}}' };
  await ask(server.app, '/api/templates', { json });
  await ask(server.app, '/api/services', { json: { name: 'Search', description: 'Finds' } });
  await listener.settled();
  expect(listener.updates()).toMatchObject([{ type: 'service-update', position: 2, prev: 0 }]);
  await server.close();
});
