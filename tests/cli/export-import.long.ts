// `plive export` and `plive import`: a log moves elsewhere as it is, or not at all.

import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { chainHash, digest } from '../../src/log/chain.ts';
import { DatabaseSync } from '../../src/sqlite/driver.ts';
import { SqliteJournal } from '../../src/sqlite/journal/sqlite-journal.ts';
import { madeUpCommits } from '../bench/made-up-log.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { plive, pliveJson, runPlive, startPlive } from '../support/plive.ts';
import { ask, createService, openIncident, put } from '../support/rest.ts';
import { ROOT } from '../support/root.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

let directory: string;
let app: StartedApp;
/** Positions 1–4 and 6 are of the default organisation, 5 and 7 of acme; 2–4 are one commit. */
let lines: readonly string[];

beforeAll(async () => {
  directory = await temporaryDirectory();
  app = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: directory });
  const service = await createService(app);
  await put(app, `/api/services/${service.id}`, { status: 'degraded', name: 'Found', uptime: 1 });
  await createService(app, { organizationId: 'acme' });
  await createService(app, { name: 'Two lines \u2028 in one' });
  await openIncident(app, { organizationId: 'acme' });
  lines = (await ask(app, '/api/events/export')).text.split(/(?<=\n)/);
});
afterAll(async () => {
  await app.close();
  await rm(directory, { recursive: true });
});

describe('an export of a running server', () => {
  test('is word for word what a member gets over HTTP', async () => {
    expect(await runPlive(directory, 'export')).toEqual({ code: 0, stdout: lines.join(''), stderr: '' });
    const part = (await ask(app, '/api/events/export?organizationId=acme')).text;
    expect((await plive(directory, 'export', '--organization', 'acme')).stdout).toBe(part);
    expect((await plive(directory, 'export', '--after', '4', '--until', '6')).stdout).toBe(lines.slice(4, 6).join(''));
  });

  test('into a file takes the place of what was there, and leaves nothing else', async () => {
    const target = await temporaryDirectory();
    const out = join(target, 'log.ndjson');
    await writeFile(out, 'before');
    expect(await pliveJson(directory, 'export', '--out', out)).toEqual({ file: out, events: 7 });
    expect(await readFile(out, 'utf8')).toBe(lines.join(''));
    expect(await readdir(target)).toEqual(['log.ndjson']);
    const nowhere = await plive(directory, 'export', '--out', join(target, 'not', 'there'));
    expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('no such file or directory')]);
    await rm(target, { recursive: true });
  });
});

describe('an import', () => {
  let target: string;
  let file: string;
  beforeEach(async () => {
    target = await temporaryDirectory();
    file = join(target, 'log.ndjson');
  });
  afterEach(() => rm(target, { recursive: true }));

  async function importLines(changed: readonly string[]) {
    await writeFile(file, changed.join(''));
    return plive(target, 'import', file);
  }

  async function expectEmpty(): Promise<void> {
    expect(await pliveJson(target, 'verify')).toMatchObject({ events: 0, faultCount: 0 });
  }

  test('of a whole log gives the same log, on which a server goes on', async () => {
    expect(await importLines(lines)).toEqual({ code: 0, stdout: `7 events imported into ${target}\n`, stderr: '' });
    expect((await plive(target, 'export')).stdout).toBe(lines.join(''));
    const [here, there] = [await pliveJson(directory, 'verify'), await pliveJson(target, 'verify')];
    expect(there).toEqual(here);
    const moved = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: target });
    expect((await ask(moved, '/api/services')).body).toEqual((await ask(app, '/api/services')).body);
    await createService(moved);
    await createService(moved, { organizationId: 'acme' });
    await moved.close();
    expect(await pliveJson(target, 'verify')).toMatchObject({ events: 9, faultCount: 0 });
  });

  test('of one organisation is numbered anew and keeps its hashes', async () => {
    const part = await importLines([lines[4] ?? '', lines[6] ?? '']);
    expect(part).toMatchObject({ code: 0, stderr: '' });
    const { hash } = JSON.parse(lines[6] ?? '');
    expect(await pliveJson(target, 'verify')).toMatchObject({ heads: { acme: { position: 2, hash } }, faultCount: 0 });
    const moved = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: target });
    await createService(moved, { organizationId: 'acme' });
    await moved.close();
    expect(await pliveJson(target, 'verify')).toMatchObject({ events: 3, faultCount: 0 });
  });

  test('keeps the digest of a text that was blanked, if an event says that it was', async () => {
    const secret = JSON.parse(lines[6] ?? '');
    const text = secret.text.replace('Slow search', '');
    const blanked = `${JSON.stringify({ ...secret, text, textDigest: digest(secret.text) })}\n`;
    const silent = await importLines([...lines.slice(0, 6), blanked]);
    expect([silent.code, silent.stderr]).toEqual([1, expect.stringContaining('Line 7: Its text was replaced, but no')]);
    await expectEmpty();

    const said = {
      id: newId(),
      type: 'event.redacted',
      schema: 1,
      stream: 'redaction-1',
      version: 1,
      organizationId: 'acme',
      data: { eventId: JSON.parse(secret.text).id, remainder: digest(text) },
    };
    const { recordedAt } = secret;
    const texts = { text: JSON.stringify(said), meta: JSON.stringify({ commit: { id: newId(), index: 0, size: 1 } }) };
    const hash = chainHash({ previous: secret.hash, recordedAt, ...texts });
    const changed = [...lines.slice(0, 6), blanked, `${JSON.stringify({ position: 8, recordedAt, hash, ...texts })}\n`];
    expect(await importLines(changed)).toMatchObject({ code: 0, stderr: '' });
    const kept = (await plive(target, 'export')).stdout.split(/(?<=\n)/);
    expect(kept.map((line) => JSON.parse(line))).toEqual(changed.map((line) => JSON.parse(line)));
  });

  test.each<[string, () => readonly string[], number, RegExp]>([
    ['a changed text', () => [lines.join('').replace('Found', 'Lost!')], 1, /Line 2: Its hash does not match/],
    ['a missing line', () => lines.filter((_, index) => index !== 4), 1, /Line 6: the file has several .* 5 to 5 are/],
    ['a line twice', () => [lines[0] ?? '', ...lines], 1, /Line 2: position 1 comes after position 1\./],
    ['a torn last line', () => [lines.join('').slice(0, -40)], 1, /The file ends in the middle of line 7/],
    ['half a commit', () => lines.slice(0, 3), 1, /Line 3: The log ends within a commit: 2 of 3 events\./],
    ['another version of the same', () => twice(), 1, /Line 2: version 1 of service-.* already exists/],
    ['a digest in place of a text', () => veiled(), 2, /^Line 2 of the file has a hash instead of a text/],
  ])('of a file with %s is refused, and nothing is kept', async (_, changed, exitCode, problem) => {
    const { code, stdout, stderr } = await importLines(changed());
    expect([code, stdout]).toEqual([exitCode, '']);
    expect(stderr).toMatch(problem);
    await expectEmpty();
    expect(await importLines(lines)).toMatchObject({ code: 0 });
  });

  const twice = () => [lines[0] ?? '', `${JSON.stringify({ ...JSON.parse(lines[0] ?? ''), position: 2 })}\n`];
  const veiled = () => {
    const { meta: _, ...shown } = JSON.parse(lines[1] ?? '');
    return [lines[0] ?? '', `${JSON.stringify({ ...shown, metaDigest: '0'.repeat(64) })}\n`];
  };

  test('into a log that is in use, or not empty, is refused and changes nothing', async () => {
    await writeFile(file, lines.join(''));
    const used = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: target });
    const inUse = await runPlive(target, 'import', file);
    expect([inUse.code, inUse.stderr]).toEqual([2, expect.stringContaining('Another process uses this log')]);
    await createService(used);
    const running = await runPlive(target, 'import', file);
    expect([running.code, running.stderr]).toEqual([2, expect.stringContaining('is not empty')]);
    await used.close();
    const before = await readFile(join(target, 'plive.db'));
    expect(await plive(target, 'import', file)).toMatchObject({ code: 2, stdout: '' });
    expect(await readFile(join(target, 'plive.db'))).toEqual(before);
  });

  test('of a file that is not there makes nothing', async () => {
    const there = join(target, 'made');
    const missing = await plive(target, 'import', '/nowhere/at/all', '--data-dir', there);
    expect(missing).toEqual({ code: 2, stdout: '', stderr: 'There is no file /nowhere/at/all.\n' });
    expect(await readdir(target)).toEqual([]);
  });

  test('that is killed in the middle leaves an empty log', async () => {
    const pipe = join(target, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const run = startPlive(target, {}, 'import', pipe);
    const input = createWriteStream(pipe);
    // Far more than a pipe holds: when all of it is taken, most was read, and the end has not come.
    const big = await temporaryDirectory();
    await makeLog(big, 5_000);
    const text = (await plive(big, 'export')).stdout;
    await new Promise((resolve) => input.write(text, resolve));
    run.child.kill('SIGKILL');
    await run.ended;
    input.on('error', () => {});
    input.destroy();
    await expectEmpty();
    expect(await importLines(lines)).toMatchObject({ code: 0 });
    await rm(big, { recursive: true });
  });
});

async function makeLog(where: string, events: number): Promise<void> {
  const journal = new SqliteJournal({ directory: where, root: ROOT });
  await journal.open();
  for (const group of madeUpCommits(events)) await journal.commit(group);
  await journal.close();
}

const EVENTS = 6_000;

test(`an export of ${EVENTS} events is imported elsewhere, holds, and gives the same states`, async () => {
  const [source, target] = [await temporaryDirectory(), await temporaryDirectory()];
  await makeLog(source, EVENTS);
  const out = join(source, 'log.ndjson');
  expect(await pliveJson(source, 'export', '--out', out)).toEqual({ file: out, events: EVENTS });
  const imported = await pliveJson<{ heads: object }>(target, 'import', out);
  const verified = await pliveJson<{ projections: object }>(target, 'verify');
  expect(verified).toMatchObject({ events: EVENTS, heads: imported.heads, faultCount: 0 });
  const replayed = await pliveJson<{ projections: object }>(source, 'replay');
  expect(verified.projections).toEqual(replayed.projections);
  expect(heads(target)).toEqual(heads(source));
  await Promise.all([source, target].map((each) => rm(each, { recursive: true })));
});

function heads(where: string): unknown {
  const database = new DatabaseSync(join(where, 'plive.db'), { readOnly: true });
  const rows = database.prepare('SELECT * FROM chain_heads ORDER BY organization_id').all();
  database.close();
  return rows;
}
