// The server as a process and across restarts: it comes back with the same answers, ends politely, and says plainly why it cannot start.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '../support/journals.ts';
import { ask, createService, get, openIncident, put, remove } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

/** The compiled entry, beside the compiled tests. */
const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));

let directory: string;
let started: Process[];

beforeEach(async () => {
  directory = await temporaryDirectory();
  started = [];
});

afterEach(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  await Promise.all(started.map(({ ended }) => ended));
  await rm(directory, { recursive: true });
});

describe('a restart', () => {
  test('changes no answer by a single byte', async () => {
    const environment = { DATABASE_URL: 'sqlite:', DATA_DIR: directory, SAMPLE_DATA: 'true' };
    const before = await startApp(environment);
    await makeHistory(before);
    const paths = await everyRead(before);
    const answers = await answersTo(before, paths);
    await before.close();

    const after = await startApp(environment);
    try {
      expect(await answersTo(after, paths)).toEqual(answers);
    } finally {
      await after.close();
    }
  });

  async function makeHistory(app: StartedApp): Promise<void> {
    const [a, b, gone] = [
      await createService(app, { organizationId: 'org-1', tenantId: 'tenant-1', uptime: 12.345 }),
      await createService(app, { name: 'Ünïcödé 🦊', tenantId: 'tenant-1' }),
      await createService(app),
    ];
    await put(app, `/api/services/${a.id}`, { status: 'maintenance', name: 'Renamed' });
    const open = await openIncident(app, { organizationId: 'org-1', impacts: { [a.id]: 'partial' } });
    const over = await openIncident(app, { impact: 'critical', impacts: { [b.id]: 'major', [gone.id]: 'degraded' } });
    await ask(app, `/api/incidents/${open.id}/updates`, { json: { status: 'monitoring', message: 'Better' } });
    await put(app, `/api/incidents/${over.id}`, { status: 'resolved' });
    await put(app, `/api/incidents/${over.id}`, { status: 'identified', affectedServices: ['Search'] });
    await remove(app, `/api/services/${gone.id}`);
    const deleted = await openIncident(app, { tenantId: 'tenant-1' });
    await remove(app, `/api/incidents/${deleted.id}`);
  }

  async function everyRead(app: StartedApp): Promise<string[]> {
    const filters = ['', '?organizationId=org-1', '?tenantId=tenant-1', '?organizationId=default&tenantId=tenant-1'];
    const lists = ['/api/services', '/api/incidents', '/api/status'];
    const entities = await Promise.all(
      ['/api/services', '/api/incidents'].map(async (path) =>
        (await get<{ id: string }[]>(app, path)).map(({ id }) => `${path}/${id}`),
      ),
    );
    return [...lists.flatMap((path) => filters.map((filter) => path + filter)), ...entities.flat(), '/api/events'];
  }

  async function answersTo(app: StartedApp, paths: readonly string[]): Promise<unknown[]> {
    return Promise.all(
      paths.map(async (path) => {
        const { status, etag, text } = await ask(app, path);
        return [path, status, etag, text];
      }),
    );
  }
});

describe('a signal to end', () => {
  test.each(['SIGTERM', 'SIGINT'] as NodeJS.Signals[])(
    '%s lets a running request finish, keeps what it did, and exits with 0',
    async (signal) => {
      const server = await listening({});
      const body = JSON.stringify({ name: 'Last', description: 'In flight when the server was told to end' });
      const client = await sendHeadOf(server.port, body);
      server.child.kill(signal);
      await refusesConnections(server.port);
      client.write(body);
      expect(await restOf(client)).toMatch(/^HTTP\/1.1 201 /);
      expect(await server.ended).toBe(0);

      const again = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: directory });
      expect(await get(again, '/api/services')).toMatchObject([{ name: 'Last' }]);
      await again.close();
    },
  );

  /** Sends all of a request but its body, and resolves when the server is waiting for that. */
  async function sendHeadOf(port: number, body: string): Promise<Socket> {
    const client = connect(port, '127.0.0.1');
    client.write(
      [
        'POST /api/services HTTP/1.1',
        'Host: localhost',
        'Connection: close',
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        'Expect: 100-continue',
        '\r\n',
      ].join('\r\n'),
    );
    const [continued] = await once(client, 'data');
    expect(String(continued)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    return client;
  }

  async function restOf(client: Socket): Promise<string> {
    let text = '';
    for await (const chunk of client) text += chunk;
    return text;
  }

  async function refusesConnections(port: number): Promise<void> {
    for (;;) {
      const socket = connect(port, '127.0.0.1');
      try {
        await once(socket, 'connect');
      } catch {
        return;
      } finally {
        socket.destroy();
      }
    }
  }
});

test('a server says how many sockets can be open, where that is fewer than configured', async () => {
  const server = run({ MAX_CONNECTIONS: '300' }, ['sh', '-c', 'ulimit -n 500; exec "$0" "$1"', process.execPath, MAIN]);
  while (!server.stderr.endsWith('\n')) await once(server.child.stderr ?? server.child, 'data');
  expect(server.stderr).toMatch(/^Of MAX_CONNECTIONS=300, 186 sockets can be open: .*\n$/);
});

describe('a server that cannot start says why, and exits with 1', () => {
  test('where its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const server = run({ PORT: String(port) });
    expect([await server.ended, server.stderr]).toEqual([1, `Port ${port} is in use; set PORT to a free one.\n`]);
    other.close();
  });

  test('where its configuration is not valid, naming all that is wrong', async () => {
    const server = run({ PORT: 'http', LOG_FORMAT: 'xml', HOST: '0.0.0.0', SAMPLE_DATA: 'yes' });
    expect(await server.ended).toBe(1);
    for (const name of ['PORT', 'LOG_FORMAT', 'HOST', 'SAMPLE_DATA']) {
      expect(server.stderr).toMatch(new RegExp(`^  ${name} is ".*It must be `, 'm'));
    }
    expect(server.stderr).not.toMatch(/\bat .*:\d+/);
  });

  test('where another process holds its data, which that one goes on with', async () => {
    const first = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: directory });
    const second = run({});
    expect(await second.ended).toBe(1);
    expect(second.stderr).toMatch(/^[^\n]+\n$/);
    expect(second.stderr).toContain(directory);
    expect(second.stderr).toMatch(/another|already/i);
    expect((await first.request('/health')).status).toBe(200);
    await first.close();
  });
});

test('a start lists the slugs of private organisations that can be found by trying', async () => {
  await cp('tests/fixtures/data-v1', directory, { recursive: true });
  const server = await listening({ AUTH: 'required' });
  server.child.kill('SIGTERM');
  await server.ended;
  expect(server.stdout).toContain(
    '\nSlugs of private organisations that others can find by trying: secret-works. If an',
  );
});

interface Process {
  readonly child: ChildProcess;
  /** The exit code. */
  readonly ended: Promise<number | null>;
  stdout: string;
  stderr: string;
}

/** Runs the real server on this test's directory and any free port, unless told otherwise. */
function run(environment: Record<string, string>, command: readonly string[] = [process.execPath, MAIN]): Process {
  const [program = '', ...words] = command;
  const defaults = { PORT: '0', DATA_DIR: directory, SAMPLE_DATA: 'false', LOG_FORMAT: 'none' };
  // A directory of its own keeps a developer's .env away from it.
  const child = spawn(program, words, { cwd: directory, env: { ...defaults, ...environment } });
  const ended = once(child, 'close').then(([code]) => code);
  const server: Process = { child, ended, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    server.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    server.stderr += chunk;
  });
  started.push(server);
  return server;
}

/** A process that says where it listens. */
async function listening(environment: Record<string, string>): Promise<Process & { port: number }> {
  const server = run(environment);
  const listens = () => /listens on http:\/\/127\.0\.0\.1:(\d+)\n/.exec(server.stdout)?.[1];
  while (listens() === undefined) {
    const over = await Promise.race([once(server.child.stdout ?? server.child, 'data'), server.ended]);
    if (typeof over === 'number') throw new Error(`The server ended with ${over}: ${server.stderr}`);
  }
  return Object.assign(server, { port: Number(listens()) });
}
