// PgBouncer in front of a PostgreSQL server, in transaction mode: statements of one client reach several server processes.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { RUNNER } from './programs.ts';
import { freePort } from './server.ts';

export interface Bouncer {
  /** The address of the same database, through the pooler. */
  readonly url: string;
  close(): Promise<void>;
}

/** In front of the database with this address. Server processes are few, so that clients have to share them. */
export async function bouncerBefore(address: string): Promise<Bouncer> {
  const [target, port] = [new URL(address), await freePort()];
  const directory = await mkdtemp(join(tmpdir(), 'plive-bouncer-'));
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    pool_mode: 'transaction',
    default_pool_size: 4,
    auth_type: 'plain',
    auth_file: join(directory, 'users'),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const databases = `[databases]\n* = host=${target.hostname} port=${target.port}\n`;
  await writeFile(join(directory, 'users'), `"${target.username}" "${target.password}"\n`);
  await writeFile(join(directory, 'bouncer.ini'), `${databases}[pgbouncer]\n${lines.join('\n')}\n`);
  await chmod(directory, 0o755);
  // PgBouncer does not run as root either.
  const bouncer = spawn('pgbouncer', ['-q', join(directory, 'bouncer.ini')], { stdio: 'ignore', ...RUNNER });
  await isListening(bouncer, port);
  const url = new URL(address);
  url.port = String(port);
  return {
    url: url.href,
    async close() {
      const ended = once(bouncer, 'exit');
      bouncer.kill('SIGKILL');
      await ended;
      await rm(directory, { recursive: true });
    },
  };
}

async function isListening(bouncer: ChildProcess, port: number): Promise<void> {
  while (bouncer.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isOpen) return;
    await setTimeout(20);
  }
  throw new Error('PgBouncer did not start.');
}
