// Databases for tests on a PostgreSQL server: each a copy of a template that was migrated once, for a role of its own.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { Database } from '../../../src/postgres/database.ts';
import { migrate } from '../../../src/postgres/migrations.ts';

/** What `newDatabase` needs to know of a prepared server. JSON, so that it can be handed to another process. */
export interface PreparedServer {
  /** The address of a superuser. */
  readonly url: string;
  readonly role: string;
  readonly password: string;
  readonly template: string;
}

export interface TestDatabase {
  /** The address, of a role that may do what the README tells an operator to grant, and no more. */
  readonly url: string;
  /** Ends every connection to the database, as a restart of the server does. */
  terminateBackends(): Promise<void>;
  /** A copy as it is now. Nobody may be connected to the database meanwhile. */
  copy(): Promise<TestDatabase>;
  /** Puts a copy in the place of the database, as a restored backup, and ends all connections. It has the address then. */
  restore(copy: TestDatabase): Promise<void>;
  /** Runs statements in the database as who may do everything there. */
  asSuperuser(sql: string): Promise<void>;
  /** A new database without tables, for the same role. */
  empty(): Promise<TestDatabase>;
  drop(): Promise<void>;
}

/** Makes the role and the template, with the rights that the README tells an operator to grant. */
export async function prepareServer(url: string): Promise<PreparedServer> {
  const role = `plive_${randomBytes(6).toString('hex')}`;
  const prepared = { url, role, password: randomBytes(12).toString('hex'), template: `${role}_template` };
  await asSuperuser(url, async (run) => {
    await run(`create role ${role} login password '${prepared.password}'`);
  });
  await createDatabase(prepared, prepared.template, 'template1');
  await createTables(addressOf(prepared, prepared.template));
  return prepared;
}

async function createTables(url: string): Promise<void> {
  const database = new Database({ url, allowUnsafe: false }, { nodeName: 'template' });
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
}

/** Removes the role, the template and what tests have left. */
export async function forgetServer({ url, role }: PreparedServer): Promise<void> {
  await asSuperuser(url, async (run) => {
    const left = await run(`select datname as name from pg_database where datname like '${role}\\_%'`);
    for (const { name } of left) await run(`drop database ${name} with (force)`);
    await run(`drop role ${role}`);
  });
}

/** A new database, with the tables of Plive in it. The caller must drop it. */
export function copyTemplate(prepared: PreparedServer): Promise<TestDatabase> {
  return copyOf(prepared.template, prepared);
}

async function copyOf(template: string, prepared: PreparedServer): Promise<TestDatabase> {
  const name = `${prepared.role}_${randomBytes(6).toString('hex')}`;
  await createDatabase(prepared, name, template);
  return {
    copy: () => copyOf(name, prepared),
    restore: (copy) => replace(prepared, name, nameOf(copy)),
    asSuperuser: (sql) => asSuperuser(databaseOf(prepared.url, name), (run) => run(sql)),
    empty: () => copyOf('template0', prepared),
    url: addressOf(prepared, name),
    terminateBackends: () =>
      asSuperuser(prepared.url, (run) =>
        run(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`),
      ),
    drop: () => asSuperuser(prepared.url, (run) => run(`drop database if exists ${name} with (force)`)),
  };
}

/** What was there is dropped. */
async function replace({ url }: PreparedServer, name: string, by: string): Promise<void> {
  await asSuperuser(url, async (run) => {
    await run(`alter database ${name} allow_connections false`);
    await run(`drop database ${name} with (force)`);
    await run(`alter database ${by} rename to ${name}`);
  });
}

function nameOf({ url }: TestDatabase): string {
  return new URL(url).pathname.slice(1);
}

async function createDatabase({ url, role }: PreparedServer, name: string, template: string): Promise<void> {
  await asSuperuser(url, async (run) => {
    await run(`create database ${name} template ${template}`);
    await run(`revoke all on database ${name} from public`);
    // To create is for the migrations, which make the schema `plive` and own it.
    await run(`grant connect, create on database ${name} to ${role}`);
  });
}

function addressOf({ url, role, password }: PreparedServer, database: string): string {
  const address = new URL(databaseOf(url, database));
  address.username = role;
  address.password = password;
  return address.href;
}

function databaseOf(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: database }).href;
}

type Run = (sql: string) => Promise<readonly { readonly name?: string }[]>;

async function asSuperuser(url: string, work: (run: Run) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(async (sql) => (await client.query(sql)).rows);
  } finally {
    await client.end();
  }
}
