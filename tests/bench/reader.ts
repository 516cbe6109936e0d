// A program that sends reads at a fixed rate, so that its event loop does not slow the measurements of the bench. The
// bench controls it over the IPC channel.
import { asking, openLoop, withConnections } from './load.ts';
import { CONNECTIONS } from './serving.ts';

/** Read this path at a fixed rate. The program answers when it is done. */
export interface Reading {
  readonly url: string;
  readonly path: string;
  readonly perSecond: number;
  readonly seconds: number;
}

async function read({ url, path, ...rate }: Reading): Promise<void> {
  await withConnections(url, CONNECTIONS, (connections) => openLoop(connections, asking(`GET ${path}`, 200), rate));
}

// Exit if the bench ends.
process.once('disconnect', () => process.exit());
process.on('message', async (reading: Reading) => {
  await read(reading);
  process.send?.(true);
});
