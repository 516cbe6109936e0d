// Disks that fail, fill up or are slow, files that were damaged, a second server: what the built server does about each.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DatabaseSync } from '../../src/sqlite/driver.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { createService } from '../support/rest.ts';
import { startApp } from '../support/start-app.ts';
import { isInexcusable, type Lack, lackOfMounting, lackOfTracing } from './capability.ts';
import { SYNCS } from './nemeses.ts';
import { killServers, ServerProcess } from './server-process.ts';
import { readStored, verifyStored } from './stored.ts';

/** Holds the data directory, or is where a small disk is mounted. */
let place: string;
let directory: string;

beforeEach(() => {
  place = realpathSync(mkdtempSync(join(tmpdir(), 'plive-')));
  directory = join(place, 'data');
});
afterEach(() => {
  killServers();
  rmSync(place, { recursive: true, maxRetries: 10, retryDelay: 100 });
});

interface Answered {
  readonly status: number;
  readonly type: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

class Client {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async get(path: string): Promise<Answered> {
    return answered(await fetch(this.#url + path));
  }

  async create(name: string, description = 'A service'): Promise<Answered> {
    const body = JSON.stringify({ name, description });
    const headers = { 'Content-Type': 'application/json' };
    return answered(await fetch(`${this.#url}/api/services`, { method: 'POST', headers, body }));
  }

  async names(): Promise<unknown[]> {
    const { body } = await this.get('/api/services');
    return Object.values(body).map((service) => (service as { name: unknown }).name);
  }
}

const UNAVAILABLE = {
  status: 503,
  type: expect.stringContaining('application/problem+json'),
  body: expect.objectContaining({ code: 'unavailable', status: 503, detail: expect.any(String) }),
};

possible(
  lackOfTracing(),
  'after a sync that failed nothing is acknowledged until a restart, and reads go on',
  async () => {
    const { server, client } = await start(`${SYNCS}:error=EIO:when=8`);
    const acknowledged = await createUntilRefused(client);
    expect(acknowledged).not.toEqual([]);
    expect(await client.create('later')).toEqual(UNAVAILABLE);
    expect(await client.names()).toEqual(expect.arrayContaining(acknowledged));
    const problems = [expect.stringMatching(/^The log cannot be used: .*I\/O/)];
    expect(await client.get('/health')).toMatchObject({ status: 503, body: { status: 'failing', problems } });
    await kill(server);

    const again = await start();
    expect(await again.client.names()).toEqual(expect.arrayContaining(acknowledged));
    expect(await again.client.create('after the restart')).toMatchObject({ status: 201 });
    expect(await faults()).toEqual([]);
  },
);

possible(lackOfTracing(), 'while a write waits for a slow disk, reads are answered', async () => {
  // In microseconds.
  const { client } = await start(`${SYNCS}:delay_enter=200000`);
  let written = false;
  const writing = client.create('slow').then((answer) => {
    written = true;
    return answer;
  });
  let reads = 0;
  for (; !written; reads += 1) expect(await client.get('/api/status')).toMatchObject({ status: 200 });
  expect(await writing).toMatchObject({ status: 201 });
  expect(reads).toBeGreaterThan(10);
});

possible(lackOfMounting(), 'a full disk refuses writes in the middle of one, until there is room', async () => {
  const ballast = join(place, 'ballast');
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', place]);
  try {
    const { server, client } = await start();
    expect(await client.create('before')).toMatchObject({ status: 201 });
    spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=1k'], { stdio: 'ignore' });
    expect(await client.create('refused', 'x'.repeat(9_000))).toEqual(UNAVAILABLE);
    expect(await client.create('refused again', 'x'.repeat(9_000))).toEqual(UNAVAILABLE);
    expect(await client.names()).toContain('before');
    rmSync(ballast);
    expect(await client.create('after')).toMatchObject({ status: 201 });
    await kill(server);

    const again = await start();
    expect((await again.client.names()).slice(-2)).toEqual(['before', 'after']);
    expect(await faults()).toEqual([]);
    await kill(again.server);
  } finally {
    // Lazily: after a failed assertion a server may still hold it.
    execFileSync('umount', ['--lazy', place]);
  }
});

test('a second server on the same directory gives up and says why, and the first one goes on', async () => {
  const { client } = await start();
  const second = new ServerProcess({ directory });
  expect(await second.listening()).toBeUndefined();
  expect(await second.outcome).toEqual({
    code: 1,
    complaints: expect.stringContaining('Another process uses this log: stop it, or use another directory.'),
  });
  expect(await client.create('still here')).toMatchObject({ status: 201 });
});

describe('a stored log that was damaged', () => {
  const database = () => join(directory, 'plive.db');

  let sound: string;

  beforeAll(async () => {
    sound = await temporaryDirectory();
    const app = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: sound });
    for (let number = 0; number < 30; number += 1)
      await createService(app, { name: `Service ${number}`, description: `About ${number}. `.repeat(50) });
    await app.close();
  });
  beforeEach(() => cpSync(sound, directory, { recursive: true }));
  afterAll(() => rmSync(sound, { recursive: true }));

  test.each([100, 4096, 20_000, -1])('by a cut after %d bytes is not served', async (length) => {
    truncateSync(database(), length > 0 ? length : statSync(database()).size + length);
    expect(await refusal()).toContain('replace it with a backup');
  });

  test.each([
    ['a cut to nothing', () => truncateSync(database(), 0)],
    ['its loss', () => rmSync(database())],
  ])('by %s does not begin anew without a word', async (_name, damage) => {
    damage();
    expect(await refusal()).toContain('there was a log here');
  });

  test('by a flipped byte that breaks the form of an event is not served, and not quoted', async () => {
    const damaged = readStored(directory).find(({ text }) => text.includes('About 17.'));
    const bytes = readFileSync(database());
    bytes[bytes.lastIndexOf('"data"', bytes.indexOf('About 17.'))] = ' '.charCodeAt(0);
    writeFileSync(database(), bytes);
    const complaints = await refusal();
    expect(complaints).toContain(`damaged at position ${damaged?.position}:`);
    expect(complaints).not.toContain('About');
  });

  test('by a flipped byte in the text of an event is not served, and reported with its position', async () => {
    const damaged = readStored(directory).find(({ text }) => text.includes('About 17.'));
    const bytes = readFileSync(database());
    const flipped = bytes.indexOf('About 17.');
    bytes[flipped] = Number(bytes[flipped]) ^ 1;
    writeFileSync(database(), bytes);
    expect(await faults()).toEqual([{ position: damaged?.position, problem: expect.stringContaining('hash') }]);
    const sentence = `damaged at position ${damaged?.position}: replace it with a backup`;
    expect(await refusal()).toContain(sentence);
  });

  test('by the loss of its last event is not served', async () => {
    const { position } = readStored(directory).at(-1) ?? {};
    const changed = new DatabaseSync(database());
    changed.exec(`DELETE FROM events WHERE position = ${position}`);
    changed.close();
    expect(await refusal()).toContain(`damaged at position ${position}:`);
  });
});

/** Why no app starts on the directory. That the process of such an app says so and ends with 1 is in app/restart.long.ts. */
function refusal(): Promise<string> {
  return startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: directory }).then(
    async (app) => {
      await app.close();
      throw new Error('It was served.');
    },
    (error: Error) => error.message,
  );
}

/** Starts the built server on the directory, with something injected into its calls on the write-ahead log. */
async function start(inject?: string): Promise<{ server: ServerProcess; client: Client }> {
  const server = new ServerProcess({ directory, ...(inject === undefined ? {} : { inject }) });
  const url = await server.listening();
  if (url === undefined) throw new Error((await server.outcome).complaints);
  return { server, client: new Client(url) };
}

async function kill(server: ServerProcess): Promise<void> {
  server.kill();
  await server.ended;
}

/** The names of the services that were created before one was refused. */
async function createUntilRefused(client: Client): Promise<string[]> {
  const created: string[] = [];
  for (let number = 1; number <= 20; number += 1) {
    const name = `Service ${number}`;
    const answer = await client.create(name);
    if (answer.status !== 201) {
      expect(answer).toEqual(UNAVAILABLE);
      return created;
    }
    created.push(name);
  }
  throw new Error('No write was refused.');
}

async function faults(): Promise<readonly unknown[]> {
  return (await verifyStored(readStored(directory))).faults;
}

async function answered(response: Response): Promise<Answered> {
  return {
    status: response.status,
    type: response.headers.get('Content-Type'),
    body: JSON.parse(await response.text()),
  };
}

/** A test where the machine can do it; else a visible note of what it lacks, or a failure where that is inexcusable. */
function possible(lack: Lack | undefined, name: string, run: () => Promise<void>): void {
  if (!lack) test(name, run);
  else if (isInexcusable(lack)) test(name, () => Promise.reject(new Error(lack.reason)));
  else test.todo(`${name} (${lack.reason})`);
}
