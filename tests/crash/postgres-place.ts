// A PostgreSQL whose data is on a disk of its own, and loses its power together with that.
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import pg from 'pg';
import type { StoredEvent } from '../../src/log/journal.ts';
import { copyTemplate, prepareServer } from '../support/postgres/databases.ts';
import { PostgresServer } from '../support/postgres/server.ts';
import { LoopDisk } from './loop-disk.ts';
import type { Place } from './place.ts';

/** The disk is small. */
const SETTINGS = ['max_wal_size=64MB', 'min_wal_size=32MB', 'wal_init_zero=off'];

const SELECT = `select position, recorded_at as "recordedAt", organization_id as "organizationId", stream, version, type,
  text, meta, hash from plive.events order by position`;

export async function postgresOnDisk(work: string): Promise<Place> {
  // PostgreSQL runs as a user of its own.
  chmodSync(work, 0o711);
  const disk = new LoopDisk('ext4', work);
  const server = await PostgresServer.create({ parent: disk.path, settings: SETTINGS });
  const { url } = await copyTemplate(await prepareServer(server.url));
  // What was there before the first acknowledgement may be synced or not: a new cluster is made without.
  execFileSync('sync', ['--file-system', disk.path]);
  return {
    directory: work,
    environment: { DATABASE_URL: url },
    read: () => readEvents(url),
    async strike(node) {
      disk.cut();
      node.kill();
      await Promise.all([node.ended, server.stop()]);
      disk.restore();
      await server.start();
    },
    async dispose() {
      await server.dispose();
      disk.dispose();
    },
  };
}

async function readEvents(url: string): Promise<readonly StoredEvent[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(SELECT);
    return rows.map((row) => ({ ...row, position: Number(row.position), version: Number(row.version) }));
  } finally {
    await client.end();
  }
}
