// The documentation page: everything it needs comes from here, as exactly what it is, and nothing else does.
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { docsRoutes } from '../../../src/api/server/docs.ts';
import { Turns } from '../../../src/bounds/turns.ts';
import { createAccessLog } from '../../../src/http/access-log.ts';
import { createExpressApp } from '../../../src/http/express-app.ts';
import { Freshness } from '../../../src/http/freshness/freshness.ts';
import { openApiDocument } from '../../../src/http/openapi/openapi-document.ts';
import { Payers } from '../../../src/http/payers.ts';
import { Repeats } from '../../../src/http/repeats.ts';
import type { Answer, Reply, Route, RouteRequest } from '../../../src/http/route.ts';
import { Streams } from '../../../src/http/streams.ts';
import { createClientAddress } from '../../../src/identity/client-address.ts';
import { createOriginPolicy } from '../../../src/identity/origins.ts';
import { openPolicy } from '../../../src/identity/policy.ts';
import { ROOT } from '../../support/root.ts';
import { logAt, places } from '../../support/serve.ts';

describe('the document', () => {
  test('is the one that it was given, written once', async () => {
    let written = 0;
    const routes = docsRoutes(() => ({ openapi: '3.1.1', written: ++written }), ROOT);
    const first = await reply(routes, '/api/openapi.json');
    const second = await reply(routes, '/api/openapi.json');
    expect(JSON.parse(String(first.body))).toEqual({ openapi: '3.1.1', written: 1 });
    expect(second).toEqual(first);
    expect(first.headers).toEqual({ 'Content-Type': 'application/json; charset=utf-8' });
  });

  test('may speak of the rows that serve it', async () => {
    const routes: Route[] = docsRoutes(() => openApiDocument(routes, { version: '0.0.0' }), ROOT);
    const { body } = await reply(routes, '/api/openapi.json');
    expect(Object.keys(JSON.parse(String(body)).paths)).toEqual([
      '/api/openapi.json',
      '/api/docs',
      '/api/docs/{asset}',
    ]);
  });

  test('has another tag when it says something else', async () => {
    const tags = await Promise.all(
      ['3.1.0', '3.1.1'].map(
        async (openapi) =>
          (
            await reply(
              docsRoutes(() => ({ openapi }), ROOT),
              '/api/openapi.json',
            )
          ).etag,
      ),
    );
    expect(new Set(tags).size).toBe(2);
  });
});

describe('the page', () => {
  const routes = docsRoutes(() => ({}), ROOT);

  test('runs no script that is written into it', async () => {
    const page = await text('/api/docs');
    const scripts = [...page.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)];
    expect(scripts).toHaveLength(2);
    for (const [, attributes, content] of scripts) {
      expect(attributes).toMatch(/src="\/api\/docs\//);
      expect(content).toBe('');
    }
    expect(page).not.toMatch(/\son\w+=|javascript:/i);
  });

  test('names only files that are served here', async () => {
    const named = [...(await text('/api/docs')).matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url]) => url ?? '');
    const assets = named.filter((url) => url !== '/api/openapi.json').map((url) => url.replace('/api/docs/', ''));
    expect(assets).toHaveLength(5);
    for (const asset of assets) expect(await answer(routes, '/api/docs/{asset}', asset)).toMatchObject({ status: 200 });
  });

  test('loads nothing from elsewhere, and shows nothing to anyone elsewhere', async () => {
    for (const source of [await text('/api/docs'), await text('/api/docs/{asset}', 'initializer.js')]) {
      expect(source).not.toMatch(/https?:|\/\/\w/);
    }
    expect(await text('/api/docs/{asset}', 'initializer.js')).toContain('validatorUrl: null');
    expect(await text('/api/docs/{asset}', 'swagger-ui.css')).not.toMatch(/@import|url\(["']?(?!["']?data:)/);
  });

  async function text(path: string, asset?: string): Promise<string> {
    return String((await reply(routes, path, asset)).body);
  }
});

describe('a file', () => {
  const routes = docsRoutes(() => ({}), ROOT);

  test.each([
    ['initializer.js', 'text/javascript; charset=utf-8'],
    ['page.css', 'text/css; charset=utf-8'],
    ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
    ['swagger-ui.css', 'text/css; charset=utf-8'],
    ['favicon-32x32.png', 'image/png'],
  ])('%s is sent as %s, with a strong tag', async (asset, mediaType) => {
    const { headers, etag, body } = await reply(routes, '/api/docs/{asset}', asset);
    expect(headers).toEqual({ 'Content-Type': mediaType });
    expect(etag).toMatch(/^[\w-]{43}$/);
    expect(String(body).length).toBeGreaterThan(0);
  });

  test('is read once', async () => {
    const [first, second] = await Promise.all([
      answer(routes, '/api/docs/{asset}', 'swagger-ui.css'),
      answer(routes, '/api/docs/{asset}', 'swagger-ui.css'),
    ]);
    expect(second).toBe(first);
  });

  test.each(['package.json', 'swagger-ui-bundle.js.map', '../package.json', 'constructor', '__proto__', ''])(
    '%j is not found',
    async (asset) => {
      expect(await answer(routes, '/api/docs/{asset}', asset)).toMatchObject({ problem: 'not-found' });
    },
  );
});

describe('on the server', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    const routes: Route[] = docsRoutes(() => openApiDocument(routes, { version: '0.0.0' }), ROOT);
    const origins = createOriginPolicy({
      auth: 'open',
      allowOpen: false,
      production: true,
      allowNullOrigin: false,
      corsOrigins: [],
    });
    const report = (message: string, cause: unknown) => {
      throw new Error(message, { cause });
    };
    const log = logAt(() => 0);
    const clientAddress = createClientAddress(0);
    const app = createExpressApp({
      routes,
      policy: openPolicy,
      origins,
      clientAddress,
      accessLog: createAccessLog('none', clientAddress, process.stdout),
      newId: () => 'id',
      log,
      freshness: new Freshness(log, places(1).live),
      bodies: { bytes: 1_024, bytesOfAnyone: 1_024, depth: 4 },
      payers: new Payers(clientAddress, undefined),
      turns: new Turns({ slice: 4, waiting: { strangers: 1, others: 1 } }),
      streams: new Streams({ places: places(1), closing: new AbortController().signal }),
      repeats: new Repeats(1),
      report,
    });
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    server.close();
    await once(server, 'close');
  });

  test('the page comes with a policy that runs scripts of this server only', async () => {
    const { status, headers } = await fetch(`${url}/api/docs`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toContain("script-src 'self';");
  });

  test.each(['/api/openapi.json', '/api/docs', '/api/docs/swagger-ui-bundle.js'])(
    '%s is sent again only when it has changed',
    async (path) => {
      const first = await fetch(url + path);
      expect(await first.text()).not.toBe('');
      const tag = first.headers.get('etag') ?? '';
      expect(tag).toMatch(/^"[\w-]+"$/);
      // Otherwise `fetch` adds `no-cache`, and Express then sends everything again.
      const headers = { 'If-None-Match': tag, 'Cache-Control': 'max-age=0' };
      const second = await fetch(url + path, { headers });
      expect(second.status).toBe(304);
    },
  );

  test('a picture arrives byte for byte', async () => {
    const response = await fetch(`${url}/api/docs/favicon-32x32.png`);
    expect(response.headers.get('content-type')).toBe('image/png');
    const signature = Buffer.from(await response.arrayBuffer()).subarray(0, 8);
    expect(signature.toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  });

  test.each(['package.json', '..%2Fpackage.json', 'x'.repeat(1_000)])('%s is no file of it', async (asset) => {
    const response = await fetch(`${url}/api/docs/${asset}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'not-found' });
  });
});

async function reply(routes: readonly Route[], path: string, asset?: string): Promise<Reply> {
  const given = await answer(routes, path, asset);
  if ('problem' in given) throw new Error(given.detail);
  return given;
}

async function answer(routes: readonly Route[], path: string, asset?: string): Promise<Answer> {
  const route = routes.find((row) => row.path === path);
  if (!route) throw new Error(`There is no row ${path}`);
  return route.handle({ params: { asset } } as RouteRequest);
}
