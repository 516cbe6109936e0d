// `plive migrate`: moves all that a data directory has into a PostgreSQL database.
import { verify } from '../../log/verify.ts';
import type { DatabaseAddress } from '../../postgres/database.ts';
import type { Filling } from '../../postgres/filling.ts';
import { openWholeLog, type WholeLog } from '../../sqlite/whole-log.ts';
import { parseArguments } from '../arguments.ts';
import { configuredDatabase, databaseAt, openDatabase } from '../open-storage.ts';
import { type Progress, shown } from '../progress.ts';
import { counted } from '../text.ts';
import { type Surroundings, UsageError, type Verb } from '../verb.ts';

export const migrateVerb: Verb = {
  name: 'migrate',
  summary: 'Move a data directory into a PostgreSQL database',
  usage: `plive migrate sqlite:DIR [postgres://USER:PASSWORD@HOST/DATABASE] [--json]

Copies everything that a data directory has into a database without events: the log with its positions and hashes, the
heads of its chains, idempotency keys, accounts, sessions, API keys, links, interrupted workflows and pictures. Snapshots are
left out: the first server makes new ones. The default database is DATABASE_URL. Prefer that: other users of the machine can
see the arguments of a process, and with them the password.
No server may run on the directory. Servers refuse the database until the copy is verified. A migration that was interrupted,
or that found a fault, is repeated by running it again; it then starts anew. The directory stays as it is.
The way back is plive export and plive import, without accounts.
Exit code: 0 if all is there, 1 if the copy has faults, 2 if the directory cannot be migrated for another reason.`,
  async run(args, surroundings) {
    const { values, positionals } = parseArguments(args, { json: { type: 'boolean' } });
    const [source = '', url, ...more] = positionals;
    if (source === '') throw new UsageError('The source is missing.');
    if (more.length > 0) throw new UsageError('There are too many arguments.');
    const directory = directoryOf(source);
    const { env } = surroundings;
    const address = url === undefined ? configuredDatabase(env) : databaseAt(url, env);
    if (!address) throw new UsageError('Name the database in DATABASE_URL, or as the second argument.');
    const report = await moved(directory, address, surroundings);
    await surroundings.print(values.json ? `${JSON.stringify(report)}\n` : written(report));
    return report.faults.length === 0 ? 0 : 1;
  },
};

/** Throws a `UsageError` if this names no directory. */
function directoryOf(source: string): string {
  const [, directory] = /^sqlite:(.+)$/.exec(source) ?? [];
  if (directory === undefined) throw new UsageError(`"${source}" is not a source: it must be sqlite:DIR.`);
  return directory;
}

interface Report {
  readonly database: string;
  readonly events: number;
  /** In all other tables. */
  readonly rows: number;
  readonly faults: readonly string[];
}

/** Locks the directory before anything in the database is changed. */
async function moved(directory: string, address: DatabaseAddress, { progress }: Surroundings): Promise<Report> {
  const log = openWholeLog(directory);
  const storage = await openDatabase(address);
  try {
    return await storage.fill(async (filling) => {
      const rows = await copy(log, filling, progress);
      const faults = await faultsIn(filling, rows, progress);
      if (faults.length === 0) await filling.finish();
      const { events = 0 } = rows;
      return { database: storage.name, events, rows: sum(rows) - events, faults };
    });
  } finally {
    progress.clear();
    await storage.close();
    log.close();
  }
}

/** How many rows a table has, by its name. */
type Rows = Readonly<Record<string, number>>;

function sum(rows: Rows): number {
  return Object.values(rows).reduce((total, count) => total + count, 0);
}

async function copy(log: WholeLog, filling: Filling, progress: Progress): Promise<Rows> {
  const rows = Object.fromEntries(filling.tables.map((table) => [table, log.count(table)]));
  const total = sum(rows);
  let done = 0;
  for (const table of filling.tables) {
    for (const page of log.pages(table)) {
      await filling.add(table, page);
      done += page.length;
      progress.show('Copying', done, total);
    }
  }
  return rows;
}

/** Holds the copy against the chains, the digests of pictures and the numbers of rows. */
async function faultsIn(filling: Filling, rows: Rows, progress: Progress): Promise<readonly string[]> {
  const { faults } = await verify(shown(filling.evidence(), progress, rows.events));
  const faulty = faults.map(({ position, problem }) => `position ${position}: ${problem}`);
  for (const table of filling.tables) {
    const count = await filling.count(table);
    if (count !== rows[table]) faulty.push(`The table "${table}" has ${count} of ${counted(rows[table] ?? 0, 'row')}.`);
  }
  const damaged = await filling.damagedPictures();
  if (damaged > 0) faulty.push(`${counted(damaged, 'picture')} of other bytes than the digest says.`);
  return faulty;
}

function written({ database, events, rows, faults }: Report): string {
  const copied = `${counted(events, 'event')} and ${counted(rows, 'other row')} copied to ${database}`;
  const next =
    faults.length === 0
      ? ['The copy is verified: set DATABASE_URL to this database, and start the servers.']
      : [counted(faults.length, 'fault'), ...faults];
  return `${[copied, ...next].join('\n')}\n`;
}
