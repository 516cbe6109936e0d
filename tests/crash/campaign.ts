// One nemesis against one server: cycles of load, strike, restart and inspection, until the end or the first loss.
import { setTimeout as sleep } from 'node:timers/promises';
import { Load } from './load.ts';
import type { Nemesis, Place } from './nemeses.ts';
import { between, type Random } from './random.ts';
import { ServerProcess } from './server-process.ts';
import { type Findings, Witness } from './witness.ts';

export interface CampaignOptions {
  /** How often to strike. */
  readonly cycles: number;
  readonly random: Random;
  /** A directory for all that it makes. */
  readonly work: string;
  /** Where the server was compiled to, if not beside this program. */
  readonly built?: string;
}

export interface CampaignReport extends Findings {
  /** How many strikes there were. */
  readonly cycles: number;
  readonly acknowledged: number;
  /** Writes under way when a strike began. */
  readonly unknown: number;
}

/** One strike in so many comes while the server starts. */
const EARLY = 5;
/** The latest moments of a strike after the start, and after the load began, in milliseconds. */
const STARTING_TIME = 500;
const LOADED_TIME = 500;
/** How many milliseconds of load a call that is to be struck at may take to come. */
const PATIENCE = 10_000;

export async function wage(nemesis: Nemesis, options: CampaignOptions): Promise<CampaignReport> {
  const place = nemesis.prepare(options.work);
  try {
    return await new Campaign(nemesis, place, options).wage();
  } finally {
    place.dispose();
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

  /** Starts the server on what the last strike left, looks at that, and strikes again. */
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

  /** Whether this strike is to come while the server starts, and its moment is there. */
  async #comesEarly(): Promise<boolean> {
    const { random } = this.#options;
    if (between(random, 1, EARLY) > 1) return false;
    await sleep(random() * STARTING_TIME);
    return true;
  }

  /** What the last strike did, with everything repeated that it left open. */
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
    if (url !== undefined) return this.#witness.inspect(url, this.#place.directory);
    const { code, complaints } = await server.outcome;
    // Struck while it started: whoever comes next looks.
    if (code === null) return NOTHING;
    const problem = `the server did not start again: ${complaints.trim()}`;
    return { lost: this.#witness.acknowledgements, problems: [problem] };
  }

  #start(inject?: string): ServerProcess {
    const { built } = this.#options;
    return new ServerProcess({
      directory: this.#place.directory,
      ...(built === undefined ? {} : { built }),
      ...(inject === undefined ? {} : { inject }),
    });
  }
}

/** A strike that never comes would look like one that did no harm. */
async function endOf(server: ServerProcess): Promise<void> {
  const patience = new AbortController();
  const tooLate = sleep(PATIENCE, 'too late', { signal: patience.signal }).catch(() => undefined);
  const outcome = await Promise.race([server.ended, tooLate]);
  patience.abort();
  if (outcome === 'too late') throw new Error('The call that was to be struck at never came.');
}

const NOTHING: Findings = { lost: 0, problems: [] };
