// `plive backup` and `plive serve`: a copy of a running server's directory is a data directory like any other.
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '../support/journals.ts';
import { plive, pliveJson, runPlive, startPlive } from '../support/plive.ts';
import { addServices, createService } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

let directory: string;
let target: string;
let app: StartedApp;

beforeEach(async () => {
  directory = await temporaryDirectory();
  target = join(directory, 'copies', 'first');
  app = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: directory });
});
afterEach(async () => {
  await app.close();
  await rm(directory, { recursive: true });
});

describe('a backup', () => {
  test('taken while the server writes is sound and whole, and a server goes on from it', async () => {
    let over = false;
    await createService(app);
    const writers = Array.from({ length: 4 }, async () => {
      while (!over) await createService(app);
    });
    const before = app.log.position;
    // Another process, as it would be.
    const { stdout } = await runPlive(directory, 'backup', target, '--json');
    const { position }: { position: number } = JSON.parse(stdout);
    over = true;
    await Promise.all(writers);
    expect(position).toBeGreaterThanOrEqual(before);
    expect(app.log.failure).toBeUndefined();
    expect(await pliveJson(directory, 'verify', '--data-dir', target)).toMatchObject({
      events: position,
      faultCount: 0,
    });
    expect((await plive(directory, 'export', '--data-dir', target)).stdout).toBe(
      (await plive(directory, 'export', '--until', String(position))).stdout,
    );
    expect(await readdir(target)).toEqual(['plive.begun', 'plive.db', 'plive.lock']);

    const restored = startPlive(target, { PORT: '0', LOG_FORMAT: 'none' }, 'serve');
    const [url] = await restored.printed(/http:\/\/\S+/);
    const services = (await (await fetch(`${url}/api/services`)).json()) as unknown[];
    expect(services).toHaveLength(position);
    restored.child.kill('SIGTERM');
    expect(await restored.ended).toBe(0);
  });

  test('goes to no directory that has a log', async () => {
    await createService(app);
    expect(await plive(directory, 'backup', directory)).toMatchObject({ code: 2, stdout: '' });
    await plive(directory, 'backup', target);
    const again = { code: 2, stdout: '', stderr: `There is already a log in ${target}.\n` };
    expect(await plive(directory, 'backup', target)).toEqual(again);
  });

  test('takes no notice of one that was cut short', async () => {
    await createService(app);
    await plive(directory, 'backup', target);
    await rm(join(target, 'plive.db'));
    await writeFile(join(target, 'plive.db.part'), 'half');
    expect(await pliveJson(directory, 'backup', target)).toEqual({ directory: target, position: 1 });
    expect(await readdir(target)).toEqual(['plive.begun', 'plive.db', 'plive.lock']);
  });

  test('leaves the snapshot usable, and verify holds it against a replay', async () => {
    await addServices(app, 1_000);
    await app.close();
    await plive(directory, 'backup', target);
    expect(await pliveJson(directory, 'verify', '--data-dir', target)).toMatchObject({ snapshot: 1_000, faults: [] });
  });
});

test('serve says why it cannot serve, and ends with 1', async () => {
  const run = await runPlive(directory, 'serve');
  expect([run.code, run.stdout]).toEqual([1, '']);
  expect(run.stderr).toMatch(/^The log in DATA_DIR .* cannot be opened\. Another process uses this log/);
});
