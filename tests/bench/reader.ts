// Readers in a process of their own: what they take of its loop must not be taken for what the server takes. Asked over the channel of its parent.
import { asking, openLoop, withConnections } from './load.ts';
import { CONNECTIONS } from './serving.ts';

/** Reads this path at a rate, however long the answers take; answered when that is done. */
export interface Reading {
  readonly url: string;
  readonly path: string;
  readonly perSecond: number;
  readonly seconds: number;
}

async function read({ url, path, ...rate }: Reading): Promise<void> {
  await withConnections(url, CONNECTIONS, (connections) => openLoop(connections, asking(`GET ${path}`, 200), rate));
}

// Whoever asks may be gone.
process.once('disconnect', () => process.exit());
process.on('message', async (reading: Reading) => {
  await read(reading);
  process.send?.(true);
});
