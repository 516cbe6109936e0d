// A server that can stop and come back on the same port with the same log, as after an update.
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { type App, createApp } from '../../src/app/app.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { ROOT } from '../support/root.ts';
import { testConfig } from '../support/start-app.ts';

export interface RestartingServer {
  /** `http://127.0.0.1:<port>`, the same after every restart. */
  readonly url: string;
  /** The errors that nobody foresaw, so far. */
  readonly reported: readonly string[];
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it for good. */
  dispose(): Promise<void>;
}

export async function restartingServer(): Promise<RestartingServer> {
  const directory = await temporaryDirectory();
  const reported: string[] = [];
  const report = (message: string, error: unknown) => reported.push(`${message}: ${error}`);
  let app: App | undefined;
  let port = 0;
  const start = async () => {
    app = await createApp(testConfig({ DATABASE_URL: 'sqlite:', DATA_DIR: directory }), {
      root: ROOT,
      report,
      output: process.stdout,
    });
    app.server.listen(port, '127.0.0.1');
    await once(app.server, 'listening');
    ({ port } = app.server.address() as AddressInfo);
  };
  const stop = async () => {
    await app?.close();
    app = undefined;
  };
  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    reported,
    start,
    stop,
    async dispose() {
      await stop();
      await rm(directory, { recursive: true });
    },
  };
}
