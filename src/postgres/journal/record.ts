// Writes what was sequenced, in one statement; a redaction takes one more.
import { KEY_LIFETIME, type Outcome, type PreparedCommit, type StoredEvent } from '../../log/journal.ts';
import type { Sequenced } from '../../log/sequence.ts';
import type { Query } from '../transaction.ts';
import type { KnownEvent } from './continuity.ts';
import { keyDigest } from './ledger.ts';

/** The channel on which nodes hear that something was recorded. */
export const CHANNEL = 'plive';

export interface Recording {
  readonly commits: readonly PreparedCommit[];
  readonly sequenced: Sequenced;
  /** When it is recorded. */
  readonly now: Date;
  /** The chain heads that the new ones replace. */
  readonly replaced: ReadonlyMap<string, KnownEvent>;
}

const EVENTS = `new_events as (
    insert into plive.events
      (position, recorded_at, organization_id, stream, version, type, text, text_digest, meta, hash, blanks)
    select position, "recordedAt", "organizationId", stream, version, type, text, "textDigest", meta, hash, blanks
    from json_to_recordset($2) as new (position bigint, "recordedAt" text, "organizationId" text, stream text,
      version bigint, type text, text text, "textDigest" text, meta text, hash text, blanks bigint[])
  ), new_heads as (
    insert into plive.chain_heads (organization_id, position, hash)
    select "organizationId", position, hash
    from json_to_recordset($3) as new ("organizationId" text, position bigint, hash text)
  ), old_heads as (
    delete from plive.chain_heads using json_to_recordset($4) as old ("organizationId" text, position bigint)
    where chain_heads.organization_id = "organizationId" and chain_heads.position = old.position
  )`;

/**
 * Two expired keys go for each new one, so that they cannot accumulate and no transaction must delete a whole day of them.
 */
const KEYS = `new_keys as (
    insert into plive.idempotency_keys (digest, fingerprint, first, last, recorded_at)
    select digest, fingerprint, first, last, $6
    from json_to_recordset($5) as new (digest text, fingerprint text, first bigint, last bigint)
  ), old_keys as (
    delete from plive.idempotency_keys where digest in (
      select digest from plive.idempotency_keys where recorded_at < $7 order by recorded_at limit $8)
  )`;

const NOTIFY = `select pg_notify('${CHANNEL}', $1)`;

/** Snapshots that may have the words go, also one that another node is writing. */
const BLANK = `
  with blanked as (
    update plive.events
    set text = new.text,
      text_digest = coalesce(text_digest, encode(sha256(convert_to(events.text, 'UTF8')), 'hex'))
    from json_to_recordset($1) as new (position bigint, text text) where events.position = new.position
  )
  delete from plive.snapshots where position >= $2`;

/** Needs the head row's lock. Sends its statements at once, and none if nothing was sequenced. */
export function record(query: Query, { commits, sequenced, now, replaced }: Recording): Promise<unknown> {
  const { events, chainHeads, keys, outcomes, redactions } = sequenced;
  const last = events.at(-1);
  if (!last) return Promise.resolve();
  const values: unknown[] = [
    String(last.position),
    JSON.stringify(withBlanks(events, commits, outcomes)),
    JSON.stringify([...chainHeads].map(([organizationId, head]) => ({ organizationId, ...head }))),
    JSON.stringify(replacedBy(chainHeads.keys(), replaced)),
  ];
  const recorded =
    keys.size === 0
      ? query(`with ${EVENTS} ${NOTIFY}`, values)
      : query(`with ${EVENTS}, ${KEYS} ${NOTIFY}`, [...values, ...keyValues(keys, now)]);
  if (redactions.length === 0) return recorded;
  // Of several redactions of one event the last one counts.
  const texts = new Map(redactions.map((redaction) => [redaction.position, redaction]));
  return Promise.all([recorded, query(BLANK, [JSON.stringify([...texts.values()]), Math.min(...texts.keys())])]);
}

function keyValues(keys: Sequenced['keys'], now: Date): readonly unknown[] {
  return [
    JSON.stringify([...keys].map(([id, key]) => ({ digest: keyDigest(id), ...key }))),
    now.toISOString(),
    new Date(now.getTime() - KEY_LIFETIME).toISOString(),
    2 * keys.size,
  ];
}

/** Each commit's first event says which positions the commit has blanked. */
function withBlanks(
  events: readonly StoredEvent[],
  commits: readonly PreparedCommit[],
  outcomes: readonly Outcome[],
): readonly (StoredEvent & { readonly blanks?: readonly number[] })[] {
  const blanks = new Map<number | undefined, readonly number[]>();
  outcomes.forEach((outcome, index) => {
    const positions = commits[index]?.redactions.map(({ position }) => position) ?? [];
    if (outcome.kind === 'appended' && positions.length > 0) blanks.set(outcome.events[0]?.position, positions);
  });
  if (blanks.size === 0) return events;
  return events.map((event) => {
    const positions = blanks.get(event.position);
    return positions ? { ...event, blanks: positions } : event;
  });
}

function replacedBy(organizations: Iterable<string>, replaced: ReadonlyMap<string, KnownEvent>) {
  return [...organizations].flatMap((organizationId) => {
    const head = replaced.get(organizationId);
    return head ? [{ organizationId, position: head.position }] : [];
  });
}
