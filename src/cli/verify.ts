// `plive verify`: checks the log of a data directory or a database, or an export, against its hash chains.
import type { ChainHead } from '../../projections/chain/chain.ts';
import { type VerifyReport, verify } from '../log/verify.ts';
import { parseArguments } from './arguments.ts';
import { exportedPages } from './log-pages.ts';
import { type NamedStorage, STORAGE, withStorage } from './open-storage.ts';
import { shown } from './progress.ts';
import { refuseBoth } from './source.ts';
import type { Storage } from './storage.ts';
import { counted } from './text.ts';
import { type Surroundings, UsageError, type Verb, VerbError } from './verb.ts';
import { type ProjectionsReport, verifyProjections } from './verify-projections.ts';
import { type TablesReport, verifyTables } from './verify-tables.ts';

const USAGE = `plive verify [--data-dir DIR | --database URL | FILE] [--head POSITION:HASH]… [--json]

Checks the hash chains and the numbering of a log: in a data directory or a database, also of a running server, or in an
exported file. The default is the log of the server's settings. In a directory and in a database it also compares the read
models that a server would start with, the newest usable snapshot plus the events after it, with a replay of the whole log,
and the organisations of API keys and invitations in the tables of identity with the log. In a directory it runs SQLite's own
check of each table, in a database PostgreSQL's check of each index, if the extension amcheck is there and may be used.
--head names an event that must be there, as an earlier run has printed it. Without a head, a tail that was cut off
together with the heads in the directory goes unnoticed.
Exit code: 0 if there are no faults, 1 if there are, 2 if there is nothing to verify.`;

interface Asked {
  readonly file: string | undefined;
  readonly named: NamedStorage;
  readonly heads: readonly ChainHead[];
  readonly json: boolean;
}

export const verifyVerb: Verb = {
  name: 'verify',
  summary: 'Check a log against its hash chains, and what was made of it',
  usage: USAGE,
  run: verifyLog,
};

/** Prints the report. */
async function verifyLog(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const asked = parse(args);
  const report = await (asked.file === undefined
    ? withStorage(asked.named, surroundings, (storage) => verifyStored(storage, asked, surroundings))
    : verifyFile(asked.file, asked, surroundings));
  await surroundings.print(`${asked.json ? JSON.stringify(report) : written(report).join('\n')}\n`);
  return report.faultCount === 0 ? 0 : 1;
}

type Report = VerifyReport & Partial<ProjectionsReport & TablesReport>;

async function verifyFile(file: string, { heads }: Asked, surroundings: Surroundings): Promise<Report> {
  const pages = exportedPages(file);
  if (typeof pages === 'string') throw new VerbError(pages);
  const report = await verify(shown(pages, surroundings.progress), { partial: true, heads });
  // In a file without events, each given head is a fault too, because its event is missing.
  if (report.events === 0 && report.faultCount > heads.length) {
    throw new VerbError(`${file} is not an export of Plive: no line of it is an event.`);
  }
  return report;
}

/** Adds the faults of what belongs to the log if the log has none. */
async function verifyStored(storage: Storage, { heads }: Asked, surroundings: Surroundings): Promise<Report> {
  const log = await verify(shown(storage.evidence(), surroundings.progress), { heads });
  if (log.faultCount > 0) return log;
  const tables = await verifyTables(storage);
  const projections = await verifyProjections(storage, surroundings);
  const faults = [...tables.faults, ...projections.faults];
  return { ...log, ...tables, ...projections, faults, faultCount: faults.length };
}

/** Throws a `UsageError` if the arguments are wrong. */
function parse(args: readonly string[]): Asked {
  const { values, positionals } = parseArguments(args, {
    ...STORAGE,
    head: { type: 'string', multiple: true },
    json: { type: 'boolean' },
  });
  const [file, ...more] = positionals;
  const { head = [], json = false, ...named } = values;
  if (more.length > 0) throw new UsageError('Only one file can be verified at a time.');
  if (file !== undefined) refuseBoth(named, 'a file');
  return { file, named, heads: head.map(parseHead), json };
}

function parseHead(head: string): ChainHead {
  const [, position, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(head) ?? [];
  if (position !== undefined && hash !== undefined) return { position: Number(position), hash };
  throw new UsageError(`"${head}" is not a head. A head is POSITION:HASH, with 64 hex digits.`);
}

function written({
  events,
  heads,
  withheld,
  faults,
  faultCount,
  projections,
  snapshot,
  unchecked = [],
}: Report): string[] {
  const list = Object.entries(heads);
  const last = list.reduce((highest, [, { position }]) => Math.max(highest, position), 0);
  const gaps = last > events ? `; this is a part of a log, with gaps` : '';
  return [
    `${counted(events, 'event')} up to position ${last}${gaps}`,
    ...list.map(([organizationId, { position, hash }]) => `head of ${organizationId}: ${position}:${hash}`),
    ...(withheld === 0 ? [] : [withheldSentence(withheld)]),
    ...(projections ?? []).map(({ projection, version, stateHash }) => `${projection} ${version}: ${stateHash}`),
    ...(projections ? [`compared with ${snapshot === null ? 'no snapshot' : `the snapshot at ${snapshot}`}`] : []),
    ...unchecked,
    faultCount === 0 ? 'no faults' : counted(faultCount, 'fault'),
    ...faults.map(({ position, problem }) => (position === 0 ? problem : `position ${position}: ${problem}`)),
    ...(faultCount > faults.length ? [`and ${faultCount - faults.length} more`] : []),
  ];
}

function withheldSentence(count: number): string {
  return `${counted(count, 'blanked event')} ${count === 1 ? 'is' : 'are'} not checkable without membership`;
}
