// examples/api.sh, run as it is.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { describeNeeding, hasProgram } from '../support/needs.ts';
import { startApp } from '../support/start-app.ts';
import { runExample } from './running-example.ts';

const walk = (url: string) => runExample('bash', ['examples/api.sh'], url);

describeNeeding(!hasProgram('curl') && 'there is no curl', 'the walk through the API', () => {
  test.each([
    ['true', ['first', 'second']],
    ['false', ['first']],
  ])(
    'with SAMPLE_DATA=%s finds everything as expected, says so, and leaves nothing behind',
    async (sampleData, walks) => {
      const app = await startApp({ SAMPLE_DATA: sampleData });
      const services = await (await app.request('/api/services')).json();
      const incidents = await (await app.request('/api/incidents')).json();

      // The second walk begins where the first one ended.
      for (const _walk of walks) {
        const run = walk(app.url);
        expect([await run.ended, run.output]).toEqual([0, expect.stringContaining('Everything was as expected.')]);
        expect(run.output).toContain('304, it had not');
        expect(await (await app.request('/api/services')).json()).toEqual(services);
        expect(await (await app.request('/api/incidents')).json()).toEqual(incidents);
      }
      await app.close();
    },
  );

  test('stops at the first answer that is not as expected', async () => {
    const asked: unknown[] = [];
    const server = createServer(({ url }, response) => {
      asked.push(url);
      response.end('{"status":"failing"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;

    const run = walk(`http://127.0.0.1:${port}`);

    expect(await run.ended).toBe(1);
    expect(run.output).toContain('The health is "failing" instead of "ok".');
    expect(asked).toEqual(['/health']);
    server.close();
  });

  test('says so where there is no server', async () => {
    const run = walk('http://127.0.0.1:1');
    expect(await run.ended).toBe(1);
    expect(run.output).toContain('no answer from http://127.0.0.1:1');
  });
});
