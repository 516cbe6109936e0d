// Runs the reactors on one node at a time: from when this node gets their lease until it loses it, or stops.
import type { Lease } from '../log/commit.ts';
import { LEASE_LIFE, type SharedLog } from '../log/journal.ts';
import type { SetTimer } from './timer.ts';

export interface Reactor {
  /** Never rejects. */
  start(): Promise<void>;
  /** Resolves when it does nothing more. */
  stop(): Promise<void>;
}

interface TenureParts {
  /** Absent if there are no other nodes: then this one runs the reactors from the start to the end. */
  readonly shared: Pick<SharedLog, 'takeLease' | 'releaseLease'> | undefined;
  /** Makes the reactors of one tenure. */
  readonly reactors: () => readonly Reactor[];
  readonly setTimer: SetTimer;
}

/** The name of the lease. */
const NAME = 'reactors';
/** How often the lease is renewed, or asked for, in milliseconds. */
const RENEWAL = 2_000;

export class Tenure {
  readonly #parts: TenureParts;
  #lease: Lease | undefined;
  /** Until when the lease is this node's, in milliseconds of `performance.now()`. */
  #until = 0;
  #running: readonly Reactor[] | undefined;
  #looking: Promise<void> = Promise.resolve();
  #cancel = () => {};
  #isStopped = false;

  constructor(parts: TenureParts) {
    this.#parts = parts;
  }

  /** Whether this node runs the reactors. */
  get isHeld(): boolean {
    return this.#running !== undefined;
  }

  /** The lease that the reactors' commits carry: the journal refuses them once another node has it. */
  get lease(): Lease | undefined {
    return this.#lease;
  }

  /** Resolves when the reactors have started, if this node is to run them now. */
  async start(): Promise<void> {
    if (!this.#parts.shared) return this.#begin();
    await this.#look();
  }

  /**
   * Stops the reactors, does what only their node may do last, and gives the lease back, so that another node need not
   * wait for its end.
   */
  async stop(last: () => Promise<void>): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#looking;
    for (const reactor of this.#running ?? []) await reactor.stop();
    await last();
    const { shared } = this.#parts;
    // If that fails, the lease ends by itself.
    if (this.isHeld && this.#lease) await shared?.releaseLease(this.#lease).catch(() => {});
    this.#running = undefined;
  }

  #look(): Promise<void> {
    this.#looking = this.#takeOrRenew().finally(() => {
      if (!this.#isStopped) this.#cancel = this.#parts.setTimer(() => void this.#look(), RENEWAL);
    });
    return this.#looking;
  }

  async #takeOrRenew(): Promise<void> {
    const asked = performance.now();
    const taken = await this.#take();
    if (taken === 'unknown') {
      if (performance.now() >= this.#until) await this.#end();
      return;
    }
    if (taken?.epoch !== this.#lease?.epoch || !taken) await this.#end();
    if (!taken) return;
    this.#lease = taken;
    this.#until = asked + LEASE_LIFE;
    if (!this.isHeld) await this.#begin();
  }

  /** While the database is away, nobody gets the lease. */
  async #take(): Promise<Lease | undefined | 'unknown'> {
    try {
      return await this.#parts.shared?.takeLease(NAME);
    } catch {
      return 'unknown';
    }
  }

  async #begin(): Promise<void> {
    const reactors = this.#parts.reactors();
    this.#running = reactors;
    for (const reactor of reactors) await reactor.start();
  }

  async #end(): Promise<void> {
    const reactors = this.#running ?? [];
    this.#running = undefined;
    for (const reactor of reactors) await reactor.stop();
  }
}
