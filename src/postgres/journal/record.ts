// Writes what was sequenced, in one statement; a redaction takes one more.
import { KEY_LIFETIME, type Outcome, type PreparedCommit, type StoredEvent } from '../../log/journal.ts';
import type { Sequenced } from '../../log/sequence.ts';
import type { Query } from '../transaction.ts';
import type { KnownEvent } from './continuity.ts';
import { keyDigest } from './ledger.ts';
import { notice } from './notice.ts';

export interface Recording {
  readonly commits: readonly PreparedCommit[];
  readonly sequenced: Sequenced;
  /** Which node records it. */
  readonly node: string;
  /** When it is recorded. */
  readonly now: Date;
  /** The last event of an organisation before it, if there is one. */
  readonly replaced: (organizationId: string) => KnownEvent | undefined;
}

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
export function record(query: Query, recording: Recording): Promise<unknown> {
  const { events, redactions } = recording.sequenced;
  if (events.length === 0) return Promise.resolve();
  const recorded = query('select plive.record($1, $2, $3, $4, $5, $6, $7, $8)', recordValues(recording));
  if (redactions.length === 0) return recorded;
  // Of several redactions of one event the last one counts.
  const texts = new Map(redactions.map((redaction) => [redaction.position, redaction]));
  return Promise.all([recorded, query(BLANK, [JSON.stringify([...texts.values()]), Math.min(...texts.keys())])]);
}

/** The parameters of `plive.record`. There is at least one event. */
export function recordValues({ commits, sequenced, node, now, replaced }: Recording): unknown[] {
  const { events, chainHeads, keys, outcomes } = sequenced;
  return [
    notice({ position: events.at(-1)?.position ?? 0, node }),
    JSON.stringify(withBlanks(events, commits, outcomes)),
    JSON.stringify([...chainHeads].map(([organizationId, head]) => ({ organizationId, ...head }))),
    JSON.stringify(replacedBy(chainHeads.keys(), replaced)),
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

function replacedBy(organizations: Iterable<string>, replaced: Recording['replaced']) {
  return [...organizations].flatMap((organizationId) => {
    const head = replaced(organizationId);
    return head ? [{ organizationId, position: head.position }] : [];
  });
}
