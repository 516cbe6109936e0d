// Open connections: how many one peer may have, which ones make room near the total, and how much one may pipeline.
import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Connections, type ConnectionTerms } from '../../../src/http/connections/connections.ts';

let server: Server;
let clients: Socket[] = [];
let reported: string[] = [];

afterEach(async () => {
  for (const client of clients) client.destroy();
  [clients, reported] = [[], []];
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
});

const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

async function serve(
  terms: Partial<ConnectionTerms>,
  answer: RequestListener = (_request, response) => response.end(),
) {
  const report = (message: string, error: unknown) => reported.push(`${message}: ${error}`);
  const isProxy = () => false;
  const connections = new Connections({
    perPeer: undefined,
    total: undefined,
    pipelined: 10,
    isProxy,
    report,
    ...terms,
  });
  server = createServer(answer);
  server.timeout = 60_000;
  connections.attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

async function open(): Promise<Socket> {
  const { port } = server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1').on('error', () => {});
  clients.push(client);
  await once(client, 'connect');
  return client;
}

/** Sends a request, and resolves to whether it was answered rather than the connection closed. */
async function isServed(client: Socket): Promise<boolean> {
  const isAnswered = new Promise<boolean>((resolve) => {
    client.once('data', () => resolve(true)).once('close', () => resolve(false));
  });
  client.write(REQUEST);
  return isAnswered;
}

/** Opens this many connections, each of which has sent a request. */
async function openServed(count: number): Promise<Socket[]> {
  const opened: Socket[] = [];
  for (let time = 0; time < count; time += 1) {
    const client = await open();
    expect(await isServed(client)).toBe(true);
    opened.push(client);
  }
  return opened;
}

describe('of one peer', () => {
  test('there are so many, and one more is closed at once; that is reported once', async () => {
    await serve({ perPeer: 3 });
    const [first] = await openServed(3);
    expect(await isServed(await open())).toBe(false);
    expect(await isServed(await open())).toBe(false);
    expect(reported).toEqual(['connections are refused: too many are open; 1 refused since the last report']);
    const closed = new Promise((resolve) => server.once('connection', resolve));
    first?.destroy();
    // The end of a connection is noticed some time after it.
    while (!(await isServed(await open())));
    await closed;
  });

  test('there may be more if it is a trusted proxy, or if nothing is limited', async () => {
    await serve({ perPeer: 3, isProxy: (address) => address === '127.0.0.1' });
    await openServed(10);
    expect(reported).toEqual([]);
  });
});

describe('in total', () => {
  /** A server that answers no request to `/wait`. */
  const waiting: ServerResponse[] = [];
  const answer: RequestListener = (request, response) => {
    if (request.url === '/wait') waiting.push(response);
    else response.end();
  };
  const busy = async () => {
    const client = await open();
    const begun = once(server, 'request');
    client.write(REQUEST.replace('/ ', '/wait '));
    await begun;
    return client;
  };

  test('the longest idle make room near the limit, and nobody who waits for an answer does', async () => {
    await serve({ total: 20 }, answer);
    await busy();
    const idle = await openServed(17);
    // The first one is used again, so the second one is idle longest.
    expect(await isServed(idle[0] as Socket)).toBe(true);
    const closed = once(idle[1] as Socket, 'close');
    await open();
    await closed;
    expect(idle.filter(({ destroyed }) => destroyed)).toEqual([idle[1]]);
    expect(clients[0]?.destroyed).toBe(false);
    expect(reported).toEqual([]);
  });

  test('where none is idle the newest is refused', async () => {
    await serve({ total: 4 }, answer);
    for (let time = 0; time < 4; time += 1) await busy();
    const dropped = once(server, 'drop');
    expect(await isServed(await open())).toBe(false);
    await dropped;
    expect(clients.slice(0, 4).some(({ destroyed }) => destroyed)).toBe(false);
    expect(reported).toHaveLength(1);
  });
});

describe('pipelined requests', () => {
  test('are answered in their order', async () => {
    let number = 0;
    await serve({ pipelined: 10 }, (_request, response) => {
      number += 1;
      response.end(`<${number}>`);
    });
    const client = await open();
    let received = '';
    client.on('data', (data) => {
      received += data;
    });
    client.write(REQUEST.repeat(10));
    while (!received.includes('<10>')) await once(client, 'data');
    expect(received.match(/<\d+>/g)).toEqual(Array.from({ length: 10 }, (_, index) => `<${index + 1}>`));
    // Those were answered, so there can be as many again.
    client.write(REQUEST.repeat(10));
    while (!received.includes('<20>')) await once(client, 'data');
  });

  test('are handled one at a time, each in a turn of its own, so that other connections are not kept waiting', async () => {
    let [handled, inTurn, most] = [0, 0, 0];
    await serve({ pipelined: 10 }, (_request, response) => {
      [handled, inTurn] = [handled + 1, inTurn + 1];
      most = Math.max(most, inTurn);
      setImmediate(() => {
        inTurn = 0;
      });
      response.end();
    });
    const client = await open();
    client.write(REQUEST.repeat(10));
    while (handled < 10) await once(client, 'data');
    expect(most).toBe(1);
  });

  test('of which too many wait end the connection, however many come at once', async () => {
    let handled = 0;
    await serve({ pipelined: 10 }, () => {
      handled += 1;
    });
    const client = await open();
    const closed = new Promise((resolve) => client.once('close', resolve));
    client.write(REQUEST.repeat(20_000));
    await closed;
    expect(handled).toBe(1);
  });
});
