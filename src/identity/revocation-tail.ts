// Follows what other nodes revoke, and knows for how long this node has heard nothing of them.
import { JournalError } from '../log/journal.ts';
import type { Revocation, SharedIdentity } from './identity-store.ts';

interface Parts {
  readonly shared: Pick<SharedIdentity, 'revocations'>;
  readonly heard: (revoked: readonly Revocation[]) => void;
  /** This node had heard nothing for too long: what it remembers of sessions must be forgotten. */
  readonly returned: () => void;
}

/** For how long a node believes what it remembers of sessions without hearing of revocations, in milliseconds. */
const BELIEVED = 60_000;
/** From when on the health check says so, in milliseconds: a read comes a few times a second. */
const NOTICED = 5_000;

export class RevocationTail {
  readonly #parts: Parts;
  readonly #stopping = new AbortController();
  #asOf = Number.NEGATIVE_INFINITY;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Call it when the store has been opened. */
  start(): void {
    this.#asOf = Date.now();
    this.#running = this.#follow();
  }

  /** Resolves when nothing more is heard. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Whether sessions can have ended long ago without this node knowing. Judged now: a process can have been stopped. */
  get isCutOff(): boolean {
    return Date.now() - this.#asOf > BELIEVED;
  }

  /** Throws a `JournalError` if this node is cut off. */
  readonly check = (): void => {
    if (this.isCutOff) throw new JournalError('away', CUT_OFF);
  };

  /** What the health check says. */
  get problems(): readonly string[] {
    if (this.isCutOff) return [CUT_OFF];
    return Date.now() - this.#asOf > NOTICED ? [LATE] : [];
  }

  async #follow(): Promise<void> {
    const { shared, heard, returned } = this.#parts;
    const { signal } = this.#stopping;
    for await (const { revoked, asOf } of shared.revocations(signal)) {
      if (asOf - this.#asOf > BELIEVED) returned();
      heard(revoked);
      this.#asOf = asOf;
      if (signal.aborted) return;
    }
  }
}

const LATE =
  'This node cannot read which sessions have ended on other nodes. After a minute it refuses sessions and keys.';
const CUT_OFF =
  'This node could not read for a minute which sessions have ended: it refuses sessions and keys until it can.';
