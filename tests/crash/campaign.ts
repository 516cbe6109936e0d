// Runs one nemesis against one server: cycles of load, strike, restart and inspection, until all are done or one finds
// a loss.
import { setTimeout as sleep } from 'node:timers/promises';
import { Load } from './load.ts';
import type { Nemesis } from './nemeses.ts';
import type { Place } from './place.ts';
import { between, type Random } from './random.ts';
import { ServerProcess } from './server-process.ts';
import { type Findings, Witness } from './witness.ts';

export interface CampaignOptions {
  /** How often to strike. */
  readonly cycles: number;
  readonly random: Random;
  /** The directory for all files of the campaign. */
  readonly work: string;
  /** The directory of the compiled server. Default: the build of this program. */
  readonly built?: string;
}

export interface CampaignReport extends Findings {
  /** Number of strikes. */
  readonly cycles: number;
  readonly acknowledged: number;
  /** Number of writes in flight when a strike began: they may have been recorded or not. */
  readonly unknown: number;
}

/** One strike in this many happens while the server starts. */
const EARLY = 5;
/** The longest times from the start of the server, and of the load, to a strike, in milliseconds. */
const STARTING_TIME = 500;
const LOADED_TIME = 500;
/** How long to wait under load for the system call at which strace strikes, in milliseconds. */
const TIMEOUT = 10_000;

export async function wage(nemesis: Nemesis, options: CampaignOptions): Promise<CampaignReport> {
  const place = await nemesis.prepare(options.work);
  try {
    return await new Campaign(nemesis, place, options).wage();
  } finally {
    await place.dispose();
  }
}

class Campaign {
  readonly #nemesis: Nemesis;
  readonly #place: Place;
  readonly #options: CampaignOptions;
  readonly #witness = new Witness();
  readonly #load: Load;

  constructor(nemesis: Nemesis, place: Place, options: CampaignOptions) {
    this.#nemesis = nemesis;
    this.#place = place;
    this.#options = options;
    this.#load = new Load(this.#witness, options.random);
  }

  async wage(): Promise<CampaignReport> {
    let cycles = 0;
    let findings = NOTHING;
    while (cycles < this.#options.cycles && findings.problems.length === 0) {
      cycles += 1;
      findings = await this.#cycle();
    }
    if (findings.problems.length === 0) findings = await this.#conclude();
    return { cycles, acknowledged: this.#witness.acknowledgements, unknown: this.#load.unknown, ...findings };
  }

  /** Starts the server on the data that the last strike left, inspects it, and strikes again. */
  async #cycle(): Promise<Findings> {
    const inject = this.#nemesis.inject?.(this.#options.random);
    const server = this.#start(inject);
    let load: Promise<void> | undefined;
    try {
      if (inject === undefined && (await this.#comesEarly())) return NOTHING;
      const findings = await this.#inspect(server);
      const url = await server.listening();
      if (url === undefined || findings.problems.length > 0) return findings;
      load = this.#load.run(url);
      if (inject === undefined) await Promise.race([load, sleep(this.#options.random() * LOADED_TIME)]);
      else await Promise.all([load, endOf(server)]);
      return findings;
    } finally {
      this.#load.stop();
      await this.#place.strike(server);
      await load;
    }
  }

  /** Decides whether this strike happens while the server starts. If so, resolves at a random moment of the start. */
  async #comesEarly(): Promise<boolean> {
    const { random } = this.#options;
    if (between(random, 1, EARLY) > 1) return false;
    await sleep(random() * STARTING_TIME);
    return true;
  }

  /** Inspects the data after the last strike, and after repeating the writes that it left without an answer. */
  async #conclude(): Promise<Findings> {
    const server = this.#start();
    try {
      const url = await server.listening();
      if (url !== undefined) await this.#load.settle(url);
      return await this.#inspect(server);
    } finally {
      server.kill();
      await server.ended;
    }
  }

  async #inspect(server: ServerProcess): Promise<Findings> {
    const url = await server.listening();
    if (url !== undefined) return this.#witness.inspect(url, this.#place);
    const { code, complaints } = await server.outcome;
    // The server was struck while it started. The next cycle inspects the data.
    if (code === null) return NOTHING;
    const problem = `the server did not start again: ${complaints.trim()}`;
    return { lost: this.#witness.acknowledgements, problems: [problem] };
  }

  #start(inject?: string): ServerProcess {
    const { built } = this.#options;
    const { environment } = this.#place;
    return new ServerProcess({
      directory: this.#place.directory,
      ...(environment === undefined ? {} : { environment }),
      ...(built === undefined ? {} : { built }),
      ...(inject === undefined ? {} : { inject }),
    });
  }
}

/** Rejects if strace does not strike in time: a strike that never happens would look like one that did no harm. */
async function endOf(server: ServerProcess): Promise<void> {
  const timer = new AbortController();
  const timeout = sleep(TIMEOUT, 'timeout', { signal: timer.signal }).catch(() => undefined);
  const outcome = await Promise.race([server.ended, timeout]);
  timer.abort();
  if (outcome === 'timeout') throw new Error('The server never made the system call at which strace strikes.');
}

const NOTHING: Findings = { lost: 0, problems: [] };
