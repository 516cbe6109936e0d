// The modes of what holds data: only the user of the server may open it.
import { chmod, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { makePrivate, warningOf } from '../../src/sqlite/private-files.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { plive } from '../support/plive.ts';
import { createService } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

let parent: string;
let directory: string;
let mask: number;

beforeEach(async () => {
  mask = process.umask(0);
  parent = await temporaryDirectory();
  directory = join(parent, 'data');
});
afterEach(async () => {
  process.umask(mask);
  await rm(parent, { recursive: true });
});

function serve(): Promise<StartedApp> {
  return startApp({ AUTH: 'required', DATABASE_URL: 'sqlite:', DATA_DIR: directory, SAMPLE_DATA: 'true' });
}

/** The mode of each file in a directory, by its name. */
async function modes(path: string): Promise<Record<string, string>> {
  const files = await readdir(path);
  return Object.fromEntries(await Promise.all(files.map(async (file) => [file, await mode(join(path, file))])));
}

async function mode(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o7777).toString(8);
}

const WHILE_IT_RUNS = ['plive.begun', 'plive.db', 'plive.db-shm', 'plive.db-wal', 'plive.lock'];

describe('a data directory', () => {
  test('and each of its files belong to its user alone', async () => {
    const app = await serve();
    expect([await mode(directory), await modes(directory)]).toMatchObject([
      '700',
      Object.fromEntries(WHILE_IT_RUNS.map((file) => [file, '600'])),
    ]);
    expect(new Set(Object.values(await modes(directory)))).toEqual(new Set(['600']));
    expect(app.reported).toEqual([]);
    await app.close();
  });

  test('that others could open is closed to them at the next start', async () => {
    await (await serve()).close();
    await chmod(directory, 0o755);
    for (const file of await readdir(directory)) await chmod(join(directory, file), 0o644);
    const app = await serve();
    expect([await mode(directory), new Set(Object.values(await modes(directory)))]).toEqual(['700', new Set(['600'])]);
    await app.close();
  });

  test('that all users share stays shared, and the log says so', async () => {
    await mkdir(directory);
    await chmod(directory, 0o1777);
    const app = await serve();
    expect([await mode(directory), new Set(Object.values(await modes(directory)))]).toEqual(['1777', new Set(['600'])]);
    expect(app.reported).toEqual([expect.stringMatching(/^the data is not private: Other users of this machine may/)]);
    await app.close();
  });

  // Nobody, not even root, may change the mode of this one.
  test('of another user is left as it is, and warned of', () => {
    makePrivate('/proc/self/task', ['/proc/self/status', join(parent, 'missing')]);
    expect(warningOf('/proc/self/task')).toMatch(/^Other users of this machine may be able to read the data in \/proc/);
  });
});

describe('what is made of it', () => {
  let app: StartedApp;
  beforeEach(async () => {
    app = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: directory });
    await createService(app);
  });
  afterEach(() => app.close());

  test('a backup, also into a directory that others could open', async () => {
    const target = join(parent, 'backup');
    await mkdir(target, { mode: 0o755 });
    expect(await plive(directory, 'backup', target)).toMatchObject({ code: 0, stderr: '' });
    expect([await mode(target), await mode(join(target, 'plive.db'))]).toEqual(['700', '600']);
    expect(new Set(Object.values(await modes(target)))).toEqual(new Set(['600']));
  });

  test('a backup or an import into a directory that all users share says so', async () => {
    const [backup, imported, out] = [join(parent, 'backup'), join(parent, 'imported'), join(parent, 'log.ndjson')];
    for (const shared of [backup, imported]) {
      await mkdir(shared);
      await chmod(shared, 0o1777);
    }
    await plive(directory, 'export', '--out', out);
    const warned = { code: 0, stderr: expect.stringMatching(/^Other users of this machine may/) };
    expect(await plive(directory, 'backup', backup)).toMatchObject(warned);
    expect(await plive(imported, 'import', out)).toMatchObject(warned);
  });

  test('an export, also in place of a file that others could read', async () => {
    const out = join(parent, 'log.ndjson');
    await plive(directory, 'export', '--out', out);
    await chmod(out, 0o644);
    expect(await plive(directory, 'export', '--out', out)).toMatchObject({ code: 0 });
    expect(await mode(out)).toBe('600');
  });
});
