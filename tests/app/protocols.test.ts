// Requests for another protocol, as they arrive at a whole server: it goes on in HTTP/1.1, and leaves none unanswered.
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { LiveServer } from '../support/sockets.ts';

let server: LiveServer;

beforeAll(async () => {
  server = await LiveServer.start();
});
afterAll(() => server.close());

/** Sends each request over one connection, once the one before is being answered; resolves with all that came. */
async function exchange(...requests: readonly string[]): Promise<string> {
  const connection = connect(Number(new URL(server.app.url).port), '127.0.0.1').setEncoding('latin1');
  const closed = once(connection, 'close');
  let received = '';
  connection
    .on('error', () => {})
    .on('data', (text: string) => {
      received += text;
    });
  for (const [index, sent] of requests.entries()) {
    connection.write(sent);
    while (statuses(received).length <= index) await Promise.race([once(connection, 'data'), closed]);
  }
  connection.end();
  await closed;
  return received;
}

const LAST = 'GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

function asking(protocol: string, { start = 'GET /api/services', body = '' } = {}): string {
  const head = [
    `${start} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade, HTTP2-Settings',
    'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
    `Upgrade: ${protocol}`,
    ...(body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${body.length}`]),
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

const statuses = (received: string) =>
  [...received.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

describe.each(['h2c', 'H2C', 'TLS/1.2', 'TLS/1.0, HTTP/2.0', 'something-else/1'])(
  'an offer to go on with %s',
  (protocol) => {
    test('is not taken: the request is answered in HTTP/1.1, and so is the next one', async () => {
      expect(statuses(await exchange(asking(protocol), LAST))).toEqual([200, 404]);
    });

    test('is not taken with a body either', async () => {
      const body = JSON.stringify({ name: 'Search', description: 'Finds things' });
      const received = await exchange(asking(protocol, { start: 'POST /api/services', body }), LAST);
      expect(statuses(received)).toEqual([201, 404]);
      expect(received).toContain('"name":"Search"');
    });

    test('is not taken by Socket.IO', async () => {
      const received = await exchange(asking(protocol, { start: 'GET /socket.io/?EIO=4&transport=polling' }), LAST);
      expect(statuses(received)).toEqual([200, 404]);
      expect(received).toContain('"sid"');
    });
  },
);

describe('a WebSocket', () => {
  test.each(['/', '/nowhere', '/api/services', '/socket.io', '/socket.iox/', '/api/events/stream'])(
    'at %s is refused with a status and a sentence',
    async (path) => {
      // The second time a kept answer could come.
      for (let time = 0; time < 2; time += 1) {
        const received = await exchange(asking('websocket', { start: `GET ${path}` }));
        expect(statuses(received)).toEqual([404]);
        expect(received).toContain('There is no WebSocket at');
        expect(received).toContain('/socket.io/');
      }
    },
  );

  test('without an Upgrade in Connection is no request for one', async () => {
    const sent = 'GET /api/services HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\r\n';
    expect(statuses(await exchange(sent, LAST))).toEqual([200, 404]);
  });

  test.each(['websocket', 'WebSocket'])('at Socket.IO is opened with %s', async (protocol) => {
    const url = `${server.app.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
    const socket = new WebSocket(url, { headers: { Upgrade: protocol } });
    const [message] = await once(socket, 'message');
    expect(String(message)).toContain('"sid"');
    socket.close();
  });

  test('at Socket.IO that is not as it must be is refused with a status', async () => {
    const start = 'GET /socket.io/?EIO=4&transport=websocket';
    expect(statuses(await exchange(asking('websocket', { start })))).toEqual([400]);
    expect(statuses(await exchange(asking('websocket', { start: 'GET /socket.io/?EIO=9' })))).toEqual([400]);
  });
});

test('a tunnel is refused with a status', async () => {
  const received = await exchange('CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n');
  expect(statuses(received)).toEqual([405]);
});

test('HTTP/2 without asking is refused with a status', async () => {
  expect(statuses(await exchange('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'))).toEqual([400]);
});

test('a request with a whole URL, as for a proxy, is answered like one with a path', async () => {
  const sent = 'GET http://localhost/api/services HTTP/1.1\r\nHost: localhost\r\n\r\n';
  expect(statuses(await exchange(sent, LAST))).toEqual([200, 404]);
});

describe('HTTP/1.0', () => {
  test.each(['/health', '/api/status', '/api/events/export'])('without a Host gets %s', async (path) => {
    // The second time a kept answer could come.
    for (let time = 0; time < 2; time += 1) {
      const received = await exchange(`GET ${path} HTTP/1.0\r\n\r\n`);
      expect(statuses(received)).toEqual([200]);
      expect(received).not.toMatch(/^Transfer-Encoding/im);
    }
  });

  test.each(['', 'evil.example', '10.0.0.5'])('with the Host %j gets nothing', async (host) => {
    expect(statuses(await exchange(`GET /health HTTP/1.0\r\nHost: ${host}\r\n\r\n`))).toEqual([403]);
  });

  test('is not HTTP/1.1, which must have a Host', async () => {
    expect(statuses(await exchange('GET /health HTTP/1.1\r\nConnection: close\r\n\r\n'))).toEqual([400]);
  });
});
