// A log in memory that several event logs write to, as several nodes do: a test decides when each of them hears of it.
import { setTimeout } from 'node:timers/promises';
import type { RedactedText } from '../../src/log/commit.ts';
import { decode } from '../../src/log/encoding.ts';
import type { BlankedText, Journal, SharedLog, StoredEvent } from '../../src/log/journal.ts';
import { MemoryJournal } from '../../src/log/memory-journal.ts';

/** One node's side of the log. */
export interface MemoryNode {
  readonly journal: Journal;
  /** Whether its tail reads nothing. */
  isDeaf: boolean;
  /** Whether it finds nobody at the other end. */
  isAway: boolean;
  /** What it says of the log. */
  trouble: string | undefined;
}

const BETWEEN_READS = 2;

/** Makes nodes of one log. */
export function sharedMemory(now: () => Date = () => new Date()): () => MemoryNode {
  const memory = new MemoryJournal({ now });
  /** By the id of their commit. */
  const redactions = new Map<string, readonly RedactedText[]>();
  const blankedBy = (event: StoredEvent): readonly BlankedText[] => {
    const { id, index } = decode(event).meta.commit;
    return (index === 0 ? (redactions.get(id) ?? []) : []).map((text) => ({ ...text, by: event.position }));
  };
  return () => {
    const node = {
      isDeaf: false,
      isAway: false,
      trouble: undefined as string | undefined,
      journal: undefined as unknown as Journal,
    };
    const head = async () => await memory.open();
    const shared: SharedLog = {
      get trouble() {
        return node.trouble;
      },
      clockLead: 0,
      epoch: 1,
      settled: async () => false,
      async head() {
        if (node.isAway) throw new Error('away');
        return head();
      },
      async *tail(published, signal) {
        let last = published();
        while (!signal.aborted) {
          await setTimeout(BETWEEN_READS);
          if (node.isDeaf || node.isAway) continue;
          const asOf = Date.now();
          const events: StoredEvent[] = [];
          for await (const page of memory.scan({ after: last })) events.push(...page);
          last = events.at(-1)?.position ?? last;
          yield { events, blanked: events.flatMap(blankedBy), asOf };
        }
      },
      takeLease: async () => undefined,
      releaseLease: async () => {},
    };
    node.journal = {
      capabilities: memory.capabilities,
      shared,
      open: head,
      async commit(commits) {
        for (const each of commits) redactions.set(each.id, each.redactions);
        const outcomes = await memory.commit(commits);
        const seen = await head();
        return outcomes.map((outcome) => (outcome.kind === 'conflict' ? { ...outcome, head: seen } : outcome));
      },
      wipe: async () => true,
      page: (options) => memory.page(options),
      scan: (options) => memory.scan(options),
      findKey: (id) => memory.findKey(id),
      close: async () => {},
    };
    return node;
  };
}
