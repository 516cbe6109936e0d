// The files that the build has named after their content: kept by everyone for ever, and sent compressed.

import { once } from 'node:events';
import { type IncomingMessage, request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readAssets } from '../../src/web/reply/assets.ts';
import { ROOT } from '../support/root.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

let app: StartedApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

async function ask(path: string, headers: Record<string, string> = {}) {
  const sent = send(`${app.url}${path}`, { headers: { Connection: 'close', ...headers } }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) };
}

const { stylesheet, script } = readAssets(ROOT);

test.each([stylesheet, script])(
  '%s is kept for ever, whoever asks, and compressed from the second answer on',
  async (path) => {
    const first = await ask(path);
    expect([first.status, first.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    for (const cookie of ['', 'plive=x', 'theme=dark']) {
      for (const [coding, decompress] of [
        ['br', brotliDecompressSync],
        ['gzip', gunzipSync],
      ] as const) {
        const { headers, body } = await ask(path, { 'Accept-Encoding': coding, ...(cookie ? { Cookie: cookie } : {}) });
        expect(headers).toMatchObject({
          'cache-control': 'public, max-age=31536000, immutable',
          'content-type': first.headers['content-type'],
        });
        // The smallest files are not worth it.
        const isWorthIt = first.body.length >= 1_024;
        expect(headers['content-encoding']).toBe(isWorthIt ? coding : undefined);
        expect((isWorthIt ? decompress(body) : body).equals(first.body)).toBe(true);
      }
    }
  },
);
