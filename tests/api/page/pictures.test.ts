// Pictures of a page over the wire: what is taken, how it is served, and that it is gone when its event is redacted.
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ShownPage } from '../../../projections/pages.ts';
import { temporaryDirectory } from '../../support/journals.ts';
import { plive } from '../../support/plive.ts';
import { ask, get, refused, remove } from '../../support/rest.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

const PNG = Buffer.from(`89504e470d0a1a0a0000000d49484452${'00'.repeat(20)}`, 'hex');
const JPEG = Buffer.from('ffd8ffe000104a464946', 'hex');
const WEBP = Buffer.from('RIFF\x10\0\0\0WEBPVP8L', 'latin1');
const SVG = Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>');

let directory: string;
let app: StartedApp;
const start = () => startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: directory });

beforeAll(async () => {
  directory = await temporaryDirectory();
  app = await start();
});
afterAll(async () => {
  await app.close();
  await rm(directory, { recursive: true });
});

const putAt = (path: string, type: string, bytes: Uint8Array<ArrayBuffer>) =>
  ask<{ logo?: string; favicon?: string }>(app, path, {
    method: 'PUT',
    headers: { 'Content-Type': type },
    body: bytes,
  });
const settings = () => get<ShownPage>(app, '/api/page/settings');

describe('a picture', () => {
  test.each([
    ['image/png', PNG],
    ['image/jpeg', JPEG],
    ['image/webp', WEBP],
    ['image/svg+xml', SVG],
    ['image/svg+xml; charset=utf-8', SVG],
  ])('of the type %s is shown and served as it was sent', async (type, bytes) => {
    const { status, body } = await putAt('/api/page/favicon', type, bytes);
    expect([status, body.favicon]).toEqual([200, (await settings()).favicon]);
    const served = await app.request(String(body.favicon));
    expect(Buffer.from(await served.arrayBuffer())).toEqual(bytes);
    expect(served.headers.get('Content-Type')).toBe(type.replace(/;.*/, ''));
    expect(served.headers.get('Content-Security-Policy')).toMatch(/^default-src 'none';.* sandbox$/);
    expect(served.headers.get('Cross-Origin-Resource-Policy')).toBe('cross-origin');
    expect(served.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(served.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
  });

  test('outlasts a restart and a backup, and is shown no longer when it is deleted', async () => {
    const { logo } = (await putAt('/api/page/logo', 'image/svg+xml', SVG)).body;
    await app.close();
    const copy = await temporaryDirectory();
    expect((await plive(directory, 'backup', copy)).code).toBe(0);
    await rm(directory, { recursive: true });
    directory = copy;
    app = await start();
    expect((await app.request(String(logo))).status).toBe(200);
    await remove(app, '/api/page/logo');
    expect((await settings()).logo).toBeNull();
    // Its past still shows it.
    expect((await app.request(String(logo))).status).toBe(200);
  });

  test('is gone when its event is redacted, wherever it was shown', async () => {
    const secret = Buffer.from(SVG.toString().replace('M0 0', 'M1 1'));
    const { logo } = (await putAt('/api/page/logo', 'image/svg+xml', secret)).body;
    const { position } = app.log;
    expect((await ask(app, `/api/events/${position}/redaction`, { json: { reason: 'A secret' } })).status).toBe(201);
    expect((await app.request(String(logo))).status).toBe(404);
    const [, digest = ''] = /(\w{64})$/.exec(String(logo)) ?? [];
    for (const path of [
      '/api/page/settings',
      `/api/page/settings?position=${position}`,
      '/api/pages/default/history',
    ]) {
      expect((await ask(app, path)).text).not.toContain(digest);
    }
  });
});

describe('what is refused', () => {
  const svg = (text: string) => Buffer.from(text);
  test.each<[string, string, Uint8Array<ArrayBuffer>]>([
    ['a PNG that is a JPEG', 'image/png', JPEG],
    ['a JPEG that is a PNG', 'image/jpeg', PNG],
    ['a WebP that is a sound', 'image/webp', Buffer.from('RIFF\x10\0\0\0WAVEfmt ')],
    ['HTML', 'image/png', svg('<html></html>')],
    ['HTML that is said to be an SVG', 'image/svg+xml', svg('<html><svg xmlns="http://www.w3.org/2000/svg"/></html>')],
    ['an SVG that does not end', 'image/svg+xml', svg('<svg xmlns="http://www.w3.org/2000/svg"><path>')],
    ['an SVG of no namespace', 'image/svg+xml', svg('<svg></svg>')],
    ['two roots', 'image/svg+xml', svg('<svg xmlns="http://www.w3.org/2000/svg"/><svg/>')],
    [
      'a billion laughs',
      'image/svg+xml',
      svg('<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'),
    ],
    ['letters of another encoding', 'image/svg+xml', Buffer.concat([SVG, Buffer.from('fe', 'hex')])],
    ['nothing but a beginning', 'image/png', PNG.subarray(0, 8)],
  ])('%s', async (_, type, body) => {
    await refused(app, '/api/page/logo', { method: 'PUT', headers: { 'Content-Type': type }, body }, [
      400,
      'not-a-picture',
    ]);
  });

  test('other types, no body, and too large ones', async () => {
    const send = (headers: Record<string, string>, body?: Uint8Array<ArrayBuffer>) => ({
      method: 'PUT',
      headers,
      ...(body ? { body } : {}),
    });
    const path = '/api/page/logo';
    await refused(app, path, send({ 'Content-Type': 'image/gif' }, PNG), [415, 'wrong-type']);
    await refused(app, path, send({ 'Content-Type': 'application/json' }, PNG), [415, 'wrong-type']);
    await refused(app, path, send({ 'Content-Type': 'image/png' }), [415, 'wrong-type']);
    const large = Buffer.concat([PNG, Buffer.alloc(128 * 1024)]);
    await refused(app, path, send({ 'Content-Type': 'image/png' }, large), [413, 'body-too-large']);
  });

  test('a picture of another page', async () => {
    const { favicon } = await settings();
    const elsewhere = String(favicon).replace('/default/', '/acme/');
    expect((await ask(app, elsewhere)).status).toBe(404);
  });
});
