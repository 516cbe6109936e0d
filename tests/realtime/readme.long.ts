// The client of src/realtime/README.md, run as it is.
import { expect, test } from '@jest/globals';
import { restartingServer } from '../examples/restarting-server.ts';
import { runExample } from '../examples/running-example.ts';
import { send } from '../examples/send.ts';
import { codeBlocks } from '../support/readme.ts';

test('the client of the README prints each change once, also those that it missed', async () => {
  const [client = ''] = codeBlocks('src/realtime/README.md', 'js');
  expect(client.trimEnd().split('\n').length).toBeLessThanOrEqual(22);
  const server = await restartingServer();
  const create = (name: string) => send(`${server.url}/api/services`, { name, description: 'A' });
  const first = await create('First');
  const run = runExample(process.execPath, ['--input-type=module', '--eval', client], server.url);
  await joined(server.url);
  await send(`${server.url}/api/incidents`, { title: 'Slow', description: 'B', impacts: { [first]: 'partial' } });
  await run.printed(/First partial\n/);

  await server.stop();
  await server.start();
  await create('Meanwhile');
  await run.printed(/Meanwhile/);
  await create('After');
  await run.printed(/After/);
  run.signal('SIGTERM');
  await run.ended;

  expect(run.output.trimEnd().split('\n')).toEqual([
    '2 incident-update Slow investigating',
    '2 service-update First partial',
    '3 service-update Meanwhile operational',
    '4 service-update After operational',
  ]);
  await server.dispose();
});

/** Resolves once a socket is in the public room. */
async function joined(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/api/websocket/info?organizationId=default`);
    const { connectedClients } = (await response.json()) as { connectedClients: number };
    if (connectedClients > 0) return;
  }
}
