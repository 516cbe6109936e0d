// Short forms for prepared commits, as a journal appends them.
import { v7 as newId } from 'uuid';
import { digest } from '../../src/log/chain.ts';
import type { Commit, Expected, NewEvent } from '../../src/log/commit.ts';
import { blankedText, decode, prepare } from '../../src/log/encoding.ts';
import type { PreparedCommit, StoredEvent } from '../../src/log/journal.ts';
import { createSalts } from '../../src/log/salt.ts';

const newSalt = createSalts();

/** An event whose only data is a name. */
export function described(name: string, organizationId = 'default'): NewEvent {
  return { type: 'service.described', organizationId, data: { name } };
}

export function prepared(commit: Pick<Commit, 'writes'> & Partial<Commit>): PreparedCommit {
  return prepare({ actor: { kind: 'anonymous' }, correlationId: 'test', ...commit }, { newId, newSalt });
}

/** A commit to one stream, with one event per name. */
export function naming(stream: string, expected: Expected, ...names: readonly string[]): PreparedCommit {
  return prepared({ writes: [{ stream, expected, events: names.map((name) => described(name)) }] });
}

/** A commit that blanks an event and records its redaction in the same stream. */
export function redacting(target: StoredEvent, expected: Expected = 'exists'): PreparedCommit {
  const { position, stream, organizationId } = target;
  const text = blankedText(target) ?? target.text;
  const data = { eventId: decode(target).id, remainder: digest(text), shown: [], reason: 'A leak' };
  const events: NewEvent[] = [{ type: 'event.redacted', organizationId, data }];
  return prepared({ writes: [{ stream, expected, events }], redactions: [{ position, text }] });
}

/** A commit of one event to a new stream, with an idempotency key. */
export function keyed(id: string, fingerprint: string, stream = `service-${newId()}`): PreparedCommit {
  return prepared({ writes: [{ stream, expected: 'any', events: [described(id)] }], key: { id, fingerprint } });
}
