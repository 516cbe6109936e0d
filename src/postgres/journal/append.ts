// Appends commits: one transaction behind the lock of the head row, which makes positions dense and in the order of commits.
import { setTimeout } from 'node:timers/promises';
import { JournalError, type Outcome, type PreparedCommit } from '../../log/journal.ts';
import { type Sequenced, sequence } from '../../log/sequence.ts';
import type { Database } from '../database.ts';
import { PostgresError, UnknownOutcome } from '../journal-error.ts';
import type { Query } from '../transaction.ts';
import { knownAppend } from './append-known.ts';
import { checkWriter } from './continuity.ts';
import { type LedgerReading, readLedger } from './ledger.ts';
import type { LogParts } from './log-parts.ts';
import { record } from './record.ts';

/** The lock under which the log is written. The row never changes: nobody needs a new version of it. */
export const LOCK_HEAD = 'select from plive.head for update';

/** How often a transaction is repeated that another one has ended. */
const ATTEMPTS = 5;
/** For how long, and how often, an unknown outcome is looked up, in milliseconds. */
const LOOK_UP = { time: 8_000, pause: 100 };

/** The outcomes that a transaction will have if it is recorded. */
type Outcomes = readonly Outcome[];

/** One round trip if nobody else writes, else two more, whatever the number of commits. Rejects with a `JournalError`. */
export async function append(parts: LogParts, commits: readonly PreparedCommit[]): Promise<Outcomes> {
  for (let attempt = 1; ; attempt += 1) {
    const attempted = attempt === 1 ? attemptedAtOnce(parts, commits) : attemptedInSteps(parts, commits);
    const outcomes = await attempted.catch((error) => {
      if (attempt < ATTEMPTS && error instanceof PostgresError && error.isRepeatable) return undefined;
      throw error;
    });
    if (!outcomes) continue;
    parts.continuity.advance(eventsOf(outcomes));
    parts.end.follow(eventsOf(outcomes));
    return outcomes;
  }
}

/** `undefined` if this node does not know what the commits rest on: then nothing was recorded. */
async function attemptedAtOnce(parts: LogParts, commits: readonly PreparedCommit[]): Promise<Outcomes | undefined> {
  const { database, end } = parts;
  const known = knownAppend(parts, commits);
  if (!known) return undefined;
  const { sequenced, sql, values } = known;
  const head = end.last?.position ?? 0;
  const outcomes = withHead(sequenced, head);
  try {
    const [answer] = await database.appendingAtOnce<{ isRecorded: boolean }>(sql, values);
    return answer?.isRecorded ? outcomes : undefined;
  } catch (error) {
    return recordedAfterAll(parts, commits, outcomes, error);
  }
}

/** `undefined` if nothing was recorded and the transaction can be repeated. */
async function attemptedInSteps(parts: LogParts, commits: readonly PreparedCommit[]): Promise<Outcomes | undefined> {
  const { database, continuity, node, now } = parts;
  const { known } = continuity;
  let outcomes: Outcomes = [];
  const write = (query: Query, { ledger, clock, state, chainHeads }: LedgerReading) => {
    continuity.check(known, state);
    checkWriter(state);
    const time = now?.() ?? clock;
    const sequenced = sequence(ledger, commits, time.toISOString());
    outcomes = withHead(sequenced, ledger.head().position);
    const replaced = (organizationId: string) => chainHeads.get(organizationId);
    return { result: outcomes, sent: record(query, { commits, sequenced, node, now: time, replaced }) };
  };
  const read = (query: Query) => readLedger(query, commits, known);
  try {
    return await database.appending({ first: LOCK_HEAD, read, write });
  } catch (error) {
    return recordedAfterAll(parts, commits, outcomes, error);
  }
}

/** The outcomes if an unknown outcome was a success, `undefined` if it was none. Rejects with any other error. */
async function recordedAfterAll(
  { database }: LogParts,
  commits: readonly PreparedCommit[],
  outcomes: Outcomes,
  error: unknown,
): Promise<Outcomes | undefined> {
  if (!(error instanceof UnknownOutcome)) throw error;
  return (await isRecorded(database, commits, outcomes)) ? outcomes : undefined;
}

/** A conflict tells what its transaction saw, the log up to `before`: the caller decides again on no less. */
function withHead({ outcomes, events }: Sequenced, before: number): Outcomes {
  const head = events.at(-1)?.position ?? before;
  return outcomes.map((outcome) => (outcome.kind === 'conflict' ? { ...outcome, head } : outcome));
}

/**
 * Looks for the first event of a transaction whose COMMIT was not answered. Behind the lock: without it the answer could be
 * "no" while the COMMIT is still on its way. Rejects with the `UnknownOutcome` if the database does not come back in time.
 */
async function isRecorded(
  database: Database,
  commits: readonly PreparedCommit[],
  outcomes: Outcomes,
): Promise<boolean> {
  const index = outcomes.findIndex(({ kind }) => kind === 'appended');
  const [first] = eventsOf(outcomes);
  if (!first) return true;
  const find = (query: Query) =>
    query<{ meta: string }>('select meta from plive.events where position = $1', [first.position]);
  for (const begin = performance.now(); ; await setTimeout(LOOK_UP.pause)) {
    try {
      const [found] = await database.transaction('append', find, { first: LOCK_HEAD });
      return found !== undefined && JSON.parse(found.meta).commit.id === commits[index]?.id;
    } catch (error) {
      if (!(error instanceof JournalError) || error.code === 'failed') throw error;
      if (performance.now() - begin > LOOK_UP.time) throw error;
    }
  }
}

function eventsOf(outcomes: Outcomes) {
  return outcomes.flatMap((outcome) => (outcome.kind === 'appended' ? outcome.events : []));
}
