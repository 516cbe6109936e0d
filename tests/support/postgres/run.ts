// The one PostgreSQL server of a run of Jest. It is started in Jest's own process, when the first test asks for it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { forgetServer, type PreparedServer, prepareServer } from './databases.ts';
import { PostgresServer } from './server.ts';

/** Where tests, in other processes, ask for the server. */
const ADDRESS = 'TEST_POSTGRES_RUN';

let stop = async () => {};

/** Waits for the first test that asks. */
export async function beginRun(): Promise<void> {
  let server: Promise<{ readonly prepared: PreparedServer; dispose(): Promise<void> }> | undefined;
  const listener = createServer(async (_request, response) => {
    server ??= serverOfRun();
    const [answer] = await Promise.allSettled([server]);
    // A connection that is kept could be closed just when a test uses it again.
    response.setHeader('Connection', 'close');
    response.statusCode = answer.status === 'fulfilled' ? 200 : 500;
    response.end(answer.status === 'fulfilled' ? JSON.stringify(answer.value.prepared) : String(answer.reason));
  });
  listener.listen(0, '127.0.0.1').unref();
  await once(listener, 'listening');
  process.env[ADDRESS] = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  stop = async () => {
    listener.close();
    await (await server)?.dispose();
  };
}

export async function endRun(): Promise<void> {
  await stop();
}

/** The server of this run. */
export async function preparedServer(): Promise<PreparedServer> {
  const address = process.env[ADDRESS];
  if (address === undefined) throw new Error('Jest is not running this');
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json() as Promise<PreparedServer>;
}

/** A server of ours, or the one that `TEST_DATABASE_URL`, the address of a superuser, names. */
async function serverOfRun() {
  const url = process.env.TEST_DATABASE_URL;
  if (url !== undefined) {
    const prepared = await prepareServer(url);
    return { prepared, dispose: () => forgetServer(prepared) };
  }
  const server = await PostgresServer.create();
  return { prepared: await prepareServer(server.url), dispose: () => server.dispose() };
}
