// Streamed answers of any row: as fast as they are read, cut off where they are not, never whole where they broke.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Reply, Route, StreamedBody } from '../../src/http/route.ts';
import type { StreamTerms } from '../../src/http/streams.ts';
import { EventSource } from '../support/event-source.ts';
import { places, type Served, serve } from '../support/serve.ts';

let served: Served;
afterEach(() => served.close());

const CHUNK = 'x'.repeat(64 * 1024);

test('a stream arrives as it was made', async () => {
  await serveStream({ chunks: () => chunksOf('a', 'b', 'c') });
  const response = await fetch(`${served.url}/stream`);
  expect([response.status, response.headers.get('Content-Type'), await response.text()]).toEqual([
    200,
    'text/plain; charset=utf-8',
    'abc',
  ]);
});

test('who asks for its headers alone gets those, and nothing is made', async () => {
  let asked = 0;
  await serveStream({
    chunks() {
      asked += 1;
      return chunksOf('a');
    },
  });
  const response = await fetch(`${served.url}/stream`, { method: 'HEAD' });
  expect([response.status, await response.text(), asked]).toEqual([200, '', 0]);
});

describe('a client that does not read', () => {
  test('is cut off, and little was made for it', async () => {
    let made = 0;
    const endless = async function* () {
      for (;;) {
        made += 1;
        yield CHUNK;
      }
    };
    await serveStream({ chunks: endless }, { readTimeout: 50 });
    const cutOff = closedAtServer();
    const client = await mute();
    await cutOff;
    // What the system keeps of a connection, and no more.
    expect(made * CHUNK.length).toBeLessThan(32 * 1024 * 1024);
    expect(served.reported).toEqual([]);
    client.destroy();
  });

  test('is not waited for at the end of the server', async () => {
    const closing = new AbortController();
    let made = 0;
    const flood = async function* (signal: AbortSignal) {
      while (!signal.aborted) {
        made += 1;
        yield CHUNK;
      }
    };
    const stream: StreamedBody = { chunks: flood, live: { beat: '?', interval: 1 } };
    await serveStream(stream, { readTimeout: 600_000, closing: closing.signal });
    const cutOff = closedAtServer();
    const client = await mute();
    for (let before = -1; before < made; ) {
      before = made;
      await delay(50);
    }
    closing.abort();
    await cutOff;
    client.destroy();
  });
});

describe('a client that leaves', () => {
  test('ends what was made for it, also while there is nothing to send', async () => {
    let ended = () => {};
    const done = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const silent = async function* (signal: AbortSignal) {
      yield 'first\n\n';
      await once(signal, 'abort');
      ended();
    };
    await serveStream({ chunks: silent });
    const client = await EventSource.open(`${served.url}/stream`);
    client.leave();
    await done;
    expect(served.reported).toEqual([]);
  });

  test('makes room for another', async () => {
    const waiting = async function* (signal: AbortSignal) {
      yield 'first\n\n';
      await once(signal, 'abort');
    };
    await serveStream({ chunks: waiting }, { places: places(1) });
    const gone = closedAtServer();
    const first = await EventSource.open(`${served.url}/stream`);
    const refused = await fetch(`${served.url}/stream`);
    expect([refused.status, refused.headers.get('Retry-After'), await refused.json()]).toEqual([
      503,
      '10',
      expect.objectContaining({ code: 'overloaded' }),
    ]);
    first.leave();
    await gone;
    const second = await EventSource.open(`${served.url}/stream`);
    expect(second.response.statusCode).toBe(200);
    second.leave();
  });
});

describe('where making it fails', () => {
  test('before anything was sent, it is a problem', async () => {
    await serveStream({ chunks: () => failing() });
    const response = await fetch(`${served.url}/stream`);
    expect([response.status, await response.json()]).toEqual([500, expect.objectContaining({ code: 'internal' })]);
    expect(served.reported).toEqual(['request id failed: Error: The disk is gone.']);
  });

  test('in the middle, the client cannot take it for the whole, and the log knows why', async () => {
    await serveStream({ chunks: () => failing('first\n\n') });
    const client = await EventSource.open(`${served.url}/stream`);
    expect(await client.ended).toBe('broken');
    expect(served.reported).toEqual(['request id failed: Error: The disk is gone.']);
  });
});

test('at the end of the server a live stream is completed, with as many as there are', async () => {
  const closing = new AbortController();
  const waiting = async function* (signal: AbortSignal) {
    yield 'first\n\n';
    await once(signal, 'abort');
  };
  const live = { beat: ': beat\n\n', interval: 60_000 };
  await serveStream({ chunks: waiting, live }, { closing: closing.signal });
  const clients = await Promise.all(Array.from({ length: 30 }, () => EventSource.open(`${served.url}/stream`)));
  closing.abort();
  expect(new Set(await Promise.all(clients.map(({ ended }) => ended)))).toEqual(new Set(['complete']));
  const late = await EventSource.open(`${served.url}/stream`);
  expect(await late.ended).toBe('complete');
});

async function serveStream(stream: StreamedBody, streams: Partial<StreamTerms> = {}): Promise<void> {
  const reply: Reply = { status: 200, headers: { 'Content-Type': 'text/plain' }, stream };
  const route: Route = {
    method: 'get',
    path: '/stream',
    operationId: 'getStream',
    tag: 'streams',
    summary: 'A stream',
    access: 'anyone',
    success: { status: 200, description: 'The stream', mediaType: 'text/plain', example: 'a' },
    problems: [],
    handle: () => reply,
  };
  served = await serve([route], { streams });
}

/** A client that asks for the stream and then reads nothing, so that all it is sent piles up. */
async function mute(): Promise<Socket> {
  const { host, hostname, port } = new URL(served.url);
  const client = connect(Number(port), hostname);
  client.on('error', () => {});
  client.pause();
  client.write(`GET /stream HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  return client;
}

/** Resolves when the server is rid of the next connection that it gets. */
async function closedAtServer(): Promise<void> {
  const [socket] = await once(served.server, 'connection');
  await once(socket, 'close');
}

async function* chunksOf(...chunks: readonly string[]): AsyncGenerator<string> {
  yield* chunks;
}

async function* failing(...first: readonly string[]): AsyncGenerator<string> {
  yield* first;
  await delay(1);
  throw new Error('The disk is gone.');
}
