// `plive verify` as a process: what it finds in a directory or in a file, what it says of it, and its exit code.
import { cp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { MODEL_NAMES, PROJECTIONS } from '../../projections/models.ts';
import { digest } from '../../src/log/chain.ts';
import { exportLine } from '../../src/log/exported-event.ts';
import { stateHash } from '../../src/read-models/state-hash.ts';
import { DatabaseSync } from '../../src/sqlite/driver.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { plive as callPlive, type Ended, MAIN, runPlive } from '../support/plive.ts';
import { addServices, ask, createService, put } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

let directory: string;
let app: StartedApp;
/** The lines of the export, each with its line break. Positions 1–4 and 6 are of the default organisation, 5 and 7 of acme. */
let lines: readonly string[];

beforeAll(async () => {
  directory = await temporaryDirectory();
  app = await startServer();
  const service = await createService(app);
  await put(app, `/api/services/${service.id}`, { status: 'degraded', name: 'Found', uptime: 1 });
  await createService(app, { organizationId: 'acme' });
  await createService(app, { name: 'Two lines \u2028 in one' });
  await createService(app, { organizationId: 'acme' });
  lines = (await ask(app, '/api/events/export')).text.split(/(?<=\n)/);
});
afterAll(async () => {
  await app.close();
  await rm(directory, { recursive: true });
});

const plive = (...words: readonly string[]) => callPlive(directory, ...words);

function startServer(): Promise<StartedApp> {
  return startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: directory });
}

const hashAt = (position: number): string => JSON.parse(lines[position - 1] ?? '').hash;

const sound = (...projections: readonly string[]) =>
  [
    '7 events up to position 7',
    `head of default: 6:${hashAt(6)}`,
    `head of acme: 7:${hashAt(7)}`,
    ...projections,
    'no faults',
    '',
  ].join('\n');
const SOUND = () => sound();
/** A directory also has read models. */
const SOUND_DIRECTORY = () => {
  const { current } = app.models;
  const hashes = MODEL_NAMES.map((name) => `${name} ${PROJECTIONS[name].version}: ${stateHash(current[name])}`);
  return sound(...hashes, 'compared with no snapshot');
};

describe('a data directory', () => {
  test('of a running server is read without disturbing it', async () => {
    expect(await runPlive(directory, 'verify')).toEqual({ code: 0, stdout: SOUND_DIRECTORY(), stderr: '' });
    expect(await plive('verify', '--data-dir', directory)).toEqual({ code: 0, stdout: SOUND_DIRECTORY(), stderr: '' });
  });

  test('is told as JSON, too', async () => {
    const { code, stdout } = await plive('verify', '--json');
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      {
        events: 7,
        heads: { default: { position: 6, hash: hashAt(6) }, acme: { position: 7, hash: hashAt(7) } },
        hidden: 0,
        blanked: 0,
        withheld: 0,
        faults: [],
        faultCount: 0,
        snapshot: null,
        unchecked: [],
        projections: MODEL_NAMES.map((name) =>
          expect.objectContaining({ projection: name, stateHash: stateHash(app.models.current[name]) }),
        ),
      },
    ]);
  });

  test('is sound at any moment while the server appends', async () => {
    const other = await temporaryDirectory();
    const busy = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: other });
    let over = false;
    const writers = Array.from({ length: 4 }, async () => {
      while (!over) await createService(busy);
    });
    for (let round = 0; round < 2; round += 1) {
      const { code, stdout } = await runPlive(directory, 'verify', '--data-dir', other);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/no faults\n$/)]);
    }
    over = true;
    await Promise.all(writers);
    expect(busy.log.failure).toBeUndefined();
    await busy.close();
    await rm(other, { recursive: true });
  });

  describe('of a server that has ended', () => {
    let original: string;
    let copy: string;

    beforeAll(async () => {
      original = await temporaryDirectory();
      const server = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: original });
      for (let index = 0; index < 200; index += 1) await createService(server, { description: 'x'.repeat(1_000) });
      await server.close();
    });
    beforeEach(async () => {
      copy = await temporaryDirectory();
      await cp(original, copy, { recursive: true });
    });
    afterEach(() => rm(copy, { recursive: true }));
    afterAll(() => rm(original, { recursive: true }));

    function change(sql: string): void {
      const database = new DatabaseSync(join(copy, 'plive.db'));
      database.exec(`${sql}; PRAGMA wal_checkpoint(TRUNCATE)`);
      database.close();
    }

    test('is sound, and the server starts on it again', async () => {
      expect(await plive('verify', '--data-dir', copy)).toMatchObject({ code: 0, stderr: '' });
      const again = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: copy });
      await createService(again);
      await again.close();
      expect(await plive('verify', '--data-dir', copy)).toMatchObject({ code: 0, stderr: '' });
    });

    test('where a text was changed, the position is named', async () => {
      change(`UPDATE events SET text = replace(text, '"Search"', '"Seance"') WHERE position = 120`);
      const { code, stdout } = await plive('verify', '--data-dir', copy);
      expect(code).toBe(1);
      expect(stdout).toMatch(/\n1 fault\nposition 120: Its hash does not match[^\n]+\n$/);
    });

    test('is held against its snapshot, and one that says something else is a fault', async () => {
      const server = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: copy });
      await addServices(server, 800);
      await server.close();
      expect((await plive('verify', '--data-dir', copy)).stdout).toMatch(
        /\ncompared with the snapshot at 1000\nno faults\n$/,
      );
      forgeSnapshot((text) => text.replace('"Search"', '"Seance"'));
      const { code, stdout } = await plive('verify', '--data-dir', copy);
      expect([code, stdout]).toEqual([
        1,
        expect.stringMatching(
          /\n1 fault\nposition 1000: From the snapshot at this position, the read model "services" differs/,
        ),
      ]);
    });

    /** Changes the first text in the snapshot, and seals it again. */
    function forgeSnapshot(forge: (text: string) => string): void {
      const database = new DatabaseSync(join(copy, 'plive.db'));
      const parts = database.prepare('SELECT part, text FROM snapshots ORDER BY part').all();
      const texts: string[] = parts.slice(0, -1).map(({ text }) => forge(text));
      const seal = `sha256 ${digest(texts.join(''))}\n`;
      const write = database.prepare('UPDATE snapshots SET text = ? WHERE part = ?');
      for (const [part, text] of [...texts, seal].entries()) write.run(text, part);
      database.close();
    }

    test('where the tail was cut, it shows', async () => {
      change('DELETE FROM events WHERE position > 198');
      const { code, stdout } = await plive('verify', '--data-dir', copy);
      expect(code).toBe(1);
      expect(stdout).toMatch(
        /\n1 fault\nposition 200: The log records 200:\w+ as the head of default, but its last.* 198:/,
      );
    });

    test('where a head that the log keeps was changed, it shows', async () => {
      change(`UPDATE chain_heads SET hash = iif(hash LIKE 'f%', 'e', 'f') || substr(hash, 2)`);
      const { code, stdout } = await plive('verify', '--data-dir', copy);
      expect(code).toBe(1);
      expect(stdout).toMatch(/\n1 fault\nposition 200: The log records 200:[ef]\w+ as the head of default, /);
    });

    test('where the file was cut by a byte, it says so', async () => {
      const { size } = await stat(join(copy, 'plive.db'));
      await truncate(join(copy, 'plive.db'), size - 1);
      const { code, stdout } = await plive('verify', '--data-dir', copy);
      expect([code, stdout]).toEqual([
        1,
        expect.stringContaining('The log is damaged (plive.db was truncated): replace'),
      ]);
    });

    test('where the tail was cut and the log itself knows nothing of it, a head that was kept shows it', async () => {
      const { stdout } = await plive('verify', '--data-dir', copy);
      const [, head = ''] = /head of default: (\S+)/.exec(stdout) ?? [];
      expect(await plive('verify', '--data-dir', copy, '--head', head)).toMatchObject({ code: 0 });
      change(`
        DELETE FROM events WHERE position > 198;
        UPDATE chain_heads SET (position, hash) = (SELECT position, hash FROM events WHERE position = 198)
      `);
      expect(await plive('verify', '--data-dir', copy)).toMatchObject({ code: 0 });
      const cut = await plive('verify', '--data-dir', copy, '--head', head);
      expect(cut.code).toBe(1);
      expect(cut.stdout).toMatch(/position 200: The expected head is missing: the log ends at position 198\.\n$/);
    });

    test('where the file was damaged, it says so', async () => {
      const file = await open(join(copy, 'plive.db'), 'r+');
      const { size } = await file.stat();
      await file.write(Buffer.alloc(size - 4096, 0xff), 0, size - 4096, 4096);
      await file.close();
      const damaged = await plive('verify', '--data-dir', copy);
      expect([damaged.code, damaged.stderr]).toEqual([1, '']);
      expect(damaged.stdout).toMatch(/position \d+: The log is damaged \(.*\): replace it with a backup\.\n$/);
    });
  });
});

describe('an export', () => {
  let file: string;
  beforeEach(() => {
    file = join(directory, 'export.ndjson');
  });

  async function verifyLines(changed: readonly string[], ...words: readonly string[]): Promise<Ended> {
    await writeFile(file, changed.join(''));
    return plive('verify', file, ...words);
  }

  const swapped = () => [...lines.slice(0, 1), lines[2] ?? '', lines[1] ?? '', ...lines.slice(3)];
  const without = (position: number) => lines.filter((_, index) => index + 1 !== position);

  test('as it was sent is sound', async () => {
    expect(await verifyLines(lines)).toEqual({ code: 0, stdout: SOUND(), stderr: '' });
  });

  test('of one organisation is sound by itself', async () => {
    const { text } = await ask(app, '/api/events/export?organizationId=acme');
    expect(await verifyLines([text])).toEqual({
      code: 0,
      stdout: [
        '2 events up to position 7; this is a part of a log, with gaps',
        `head of acme: 7:${hashAt(7)}`,
        'no faults\n',
      ].join('\n'),
      stderr: '',
    });
  });

  test('with digests in place of texts is sound', async () => {
    const veiled: string[] = [];
    for await (const { events } of app.log.stored({ until: 7 })) {
      veiled.push(...events.map((event) => exportLine(event, { text: event.position !== 2, meta: false })));
    }
    expect(await verifyLines(veiled)).toEqual({ code: 0, stdout: SOUND(), stderr: '' });
  });

  test('that is empty has no events', async () => {
    expect(await verifyLines([])).toEqual({ code: 0, stdout: '0 events up to position 0\nno faults\n', stderr: '' });
  });

  test('that lost only its last line break has lost nothing', async () => {
    expect(await verifyLines([lines.join('').trimEnd()])).toEqual({ code: 0, stdout: SOUND(), stderr: '' });
  });

  test.each<[string, () => readonly string[], RegExp]>([
    [
      'a changed text',
      () => [lines.join('').replace('Found', 'Lost!')],
      /^1 fault\nposition 2: Its hash does not match/m,
    ],
    [
      'a changed hash',
      () => [lines.join('').replace(hashAt(7), hashAt(6))],
      /^1 fault\nposition 7: Its hash does not/m,
    ],
    ['a removed line', () => without(2), /^1 fault\nposition 3: It is version 3 of .* Its hash does not match/m],
    ['a first line that was removed', () => without(1), /^1 fault\nposition 2: .* Its hash does not match/m],
    ['swapped lines', swapped, /^3 faults\nposition 3: .*\nposition 2: It comes after position 3\..*\nposition 4: /m],
    ['a line twice', () => [lines[0] ?? '', ...lines], /^1 fault\nposition 1: It comes after position 1\./m],
    [
      'a line that is none',
      () => [...lines.slice(0, 5), 'What is this?\n', ...lines.slice(6)],
      /^1 fault\nposition 6: Line 6 of the file is not an event\.$/m,
    ],
    [
      'a last line that breaks off',
      () => [lines.join('').slice(0, -40)],
      /^1 fault\nposition 7: The file ends in the middle of line 7\.$/m,
    ],
  ])('with %s is not', async (_, changed, problem) => {
    const { code, stdout } = await verifyLines(changed());
    expect(stdout).toMatch(problem);
    expect(code).toBe(1);
  });

  test('without its tail shows that against heads that were kept, of whichever organisation', async () => {
    const heads = [6, 7].flatMap((position) => ['--head', `${position}:${hashAt(position)}`]);
    expect(await verifyLines(lines, ...heads)).toMatchObject({ code: 0 });
    expect(await verifyLines(lines.slice(0, 6))).toMatchObject({ code: 0 });
    const { code, stdout } = await verifyLines(lines.slice(0, 6), ...heads);
    expect(stdout).toMatch(/\n1 fault\nposition 7: The expected head is missing: the log ends at position 6\.\n$/);
    expect(code).toBe(1);
    const other = await verifyLines(lines, '--head', `7:${hashAt(6)}`);
    expect(other.stdout).toContain(`position 7: Its hash differs from the expected head, ${hashAt(6)}.`);
    expect(other.code).toBe(1);
  });

  test.each(['{"name":"plive"}\n', 'Dear Sir,\n\nno.\n', '\u0000\u0001', '[]'])('is not %j', async (content) => {
    expect(await verifyLines([content])).toEqual({
      code: 2,
      stdout: '',
      stderr: `${file} is not an export of Plive: no line of it is an event.\n`,
    });
  });
});

describe('where there is nothing to verify', () => {
  test.each<[readonly string[], RegExp]>([
    [[], /^Usage: plive <verb>/],
    [['veryfi'], /^Unknown verb "veryfi"\. Did you mean "verify"\?\n\nUsage: /],
    [['verify', '--deep'], /^Unknown option '--deep'.*\n\nUsage: /],
    [['verify', 'a', 'b'], /^Only one file can be verified at a time\./],
    [['verify', 'a', '--data-dir', 'b'], /^Use either --data-dir or a file, not both\./],
    [['verify', '--head', '7:abc'], /^"7:abc" is not a head\. /],
    [['verify', '/nowhere/at/all'], /^There is no file \/nowhere\/at\/all\.\n$/],
    [['verify', '/'], /^\/ is a directory: use --data-dir\.\n$/],
    [['verify', '--data-dir', '/nowhere/at/all'], /^There is no log in \/nowhere\/at\/all\.\n$/],
  ])('%j says so', async (words, sentence) => {
    const { code, stdout, stderr } = await plive(...words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(sentence);
  });

  test('help is no mistake', async () => {
    expect(await plive('--help')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage: /), stderr: '' });
  });

  test('the entry runs by its name', async () => {
    expect(await readFile(MAIN, 'utf8')).toMatch(/^#!\/usr\/bin\/env -S node /);
  });
});
