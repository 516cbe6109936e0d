// examples/fold-events.js and the fold of projections/README.md, run as they are, in a package that was just built.
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '../support/journals.ts';
import { codeBlocks } from '../support/readme.ts';
import { startApp } from '../support/start-app.ts';
import { runExample } from './running-example.ts';
import { send } from './send.ts';

let directory: string;

/** The package beside the working copy: `plive/projections` must lead to what the sources are now, and a dist/ in use stays as it is. */
beforeAll(async () => {
  directory = await temporaryDirectory();
  const words = ['run', '--silent', 'build', '--', join(directory, 'dist')];
  expect(spawnSync('npm', words, { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
  await mkdir(join(directory, 'examples'));
  await copyFile('package.json', join(directory, 'package.json'));
  await copyFile('examples/fold-events.js', join(directory, 'examples/fold-events.js'));
  await symlink(resolve('node_modules'), join(directory, 'node_modules'));
});

afterAll(() => rm(directory, { recursive: true }));

const foldEvents = (url: string) => runExample(process.execPath, [join(directory, 'examples/fold-events.js')], url);

/** The cells of the table's lines. */
function cells(output: string): string[][] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .map((line) =>
      line
        .split('│')
        .slice(2, -1)
        .map((cell) => cell.trim().replaceAll("'", '')),
    );
}

describe('the fold of the events', () => {
  test('prints a line for each service', async () => {
    const app = await startApp({ SAMPLE_DATA: 'true' });
    const cdn = 'a1b2c3d4-0000-4000-8000-000000000006';
    for (const status of ['partial', 'major', 'operational']) {
      await send(`${app.url}/api/services/${cdn}`, { status }, 'PUT');
    }
    const incident = { title: 'Slow', description: 'Very', affectedServices: ['CDN', 'Email Service'] };
    const id = await send(`${app.url}/api/incidents`, incident);
    await send(`${app.url}/api/incidents`, { ...incident, title: 'Slower' });
    await send(`${app.url}/api/incidents/${id}/updates`, { status: 'resolved', message: 'Fast again' });
    await send(`${app.url}/api/incidents/${id}`, { status: 'investigating' }, 'PUT');

    const run = foldEvents(app.url);

    expect(await run.ended).toBe(0);
    expect(cells(run.output)).toEqual([
      ['service', 'status changes', 'incidents', 'open', 'in incidents'],
      ['API Gateway', '0', '1', '0', '47 min'],
      ['Database Cluster', '0', '0', '0', '0 min'],
      ['Authentication Service', '0', '0', '0', '0 min'],
      // Its incident was opened two hours before the sample data was recorded.
      ['File Storage', '1', '1', '1', expect.stringMatching(/^12\d min$/)],
      ['Email Service', '0', '4', '2', expect.stringMatching(/^\d+ min$/)],
      ['CDN', '3', '4', '2', expect.stringMatching(/^\d+ min$/)],
    ]);
    await app.close();
  });

  test('reads page by page to the end of the log', async () => {
    const app = await startApp();
    const place = { organizationId: 'default' };
    const names = Array.from({ length: 2_300 }, (_, index) => ({ name: `Name ${index}` }));
    const id = await send(`${app.url}/api/services`, { name: 'Search', description: 'Finds' });
    await app.log.append({
      writes: [
        {
          stream: `service-${id}`,
          expected: 1,
          events: names.map((data) => ({ type: 'service.described', ...place, data })),
        },
      ],
      actor: { kind: 'system' },
      correlationId: 'test',
    });

    const run = foldEvents(app.url);

    expect(await run.ended).toBe(0);
    expect(cells(run.output).slice(1)).toEqual([['Name 2299', '0', '0', '0', '0 min']]);
    await app.close();
  });

  test('says so where there is no server', async () => {
    const run = foldEvents('http://127.0.0.1:1');
    expect(await run.ended).toBe(1);
    expect(run.output).toContain('fetch failed');
  });
});

test('the fold of the README counts the changes of each service', async () => {
  const app = await startApp();
  const id = await send(`${app.url}/api/services`, { name: 'Search', description: 'Finds' });
  for (const status of ['partial', 'operational']) await send(`${app.url}/api/services/${id}`, { status }, 'PUT');
  const [code = ''] = codeBlocks('projections/README.md', 'js');
  await writeFile(join(directory, 'examples/readme.js'), code);

  const run = runExample(process.execPath, [join(directory, 'examples/readme.js')], app.url);

  expect(await run.ended).toBe(0);
  expect(JSON.parse(run.output)).toEqual({ [id]: 2 });
  await app.close();
});
