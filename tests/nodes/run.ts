// One run: clients work on three nodes while nemeses strike, and a checker reads everything afterwards.

import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { oneOf, seededRandom } from '../crash/random.ts';
import { faultsOf, type Recorded } from './checker.ts';
import { Cluster, type ClusterOptions } from './cluster.ts';
import { History } from './history.ts';
import { Listener } from './listeners.ts';
import { nemeses, type StruckDatabase } from './nemeses.ts';
import { Writers } from './writers.ts';

export interface RunTerms extends Pick<ClusterOptions, 'builds'> {
  readonly seed: number;
  /** How many strikes there are, and how long each lasts, in milliseconds. */
  readonly strikes: number;
  readonly pause: number;
  readonly database: StruckDatabase & { readonly url: string };
  /** Only nemeses whose name contains this text. */
  readonly only?: string;
  readonly tell?: (line: string) => void;
}

export interface RunReport {
  readonly seed: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly struck: readonly string[];
  readonly faults: readonly string[];
}

/** How many clients write and listen, and how many services all of them change. */
const CLIENTS = { writers: 8, listeners: 4, services: 4 };
/** Between two strikes, in milliseconds. */
const REST = 1_500;
/** How long clients may take to hear of everything in the end, in milliseconds. */
const SETTLING = 20_000;

export async function run(terms: RunTerms): Promise<RunReport> {
  const { seed, strikes, pause, database, builds = [], only = '', tell = () => {} } = terms;
  const random = seededRandom(seed);
  const cluster = await Cluster.start({ databaseUrl: database.url, builds });
  const listeners: Listener[] = [];
  try {
    const history = new History();
    const writers = new Writers(cluster.url, history, random);
    await writers.prepare(CLIENTS.services);
    for (let index = 0; index < CLIENTS.listeners; index += 1) listeners.push(new Listener(cluster.url));
    const working = writers.run(CLIENTS.writers);
    const possible = nemeses.filter(({ name, needsServer }) => name.includes(only) && (database.crash || !needsServer));
    const struck: string[] = [];
    for (let strike = 0; strike < strikes; strike += 1) {
      await setTimeout(REST);
      const nemesis = oneOf(random, possible);
      tell(`  ${nemesis.name}`);
      struck.push(nemesis.name);
      const heal = await nemesis.strike(cluster, database, random);
      await setTimeout(pause / 2);
      for (const listener of listeners) if (random() < 0.5) listener.move();
      await setTimeout(pause / 2);
      await heal();
      await cluster.ready();
    }
    await setTimeout(REST);
    writers.stop();
    await working;
    await Promise.all(writers.unanswered.splice(0).map((ask) => ask()));
    const faults = [
      ...faultsOf(history, await Promise.all(cluster.nodes.map(({ url }) => logOf(url)))),
      ...(writers.unanswered.length > 0 ? [`${writers.unanswered.length} writes got no answer in the end.`] : []),
      ...(await listenerFaults(cluster, listeners)),
    ];
    const acknowledged = history.written.length;
    return { seed, acknowledged, refused: history.operations.length - history.done.length, struck, faults };
  } finally {
    for (const listener of listeners) listener.close();
    await cluster.stop();
  }
}

/** The whole log, as one node shows it once it has everything. */
async function logOf(url: string): Promise<readonly Recorded[]> {
  const events: Recorded[] = [];
  const { position } = await head(url);
  for (let after = 0; after < position; ) {
    const page = await (await fetch(`${url}/api/events?limit=1000&after=${after}&at_least=${position}`)).json();
    events.push(...page.events);
    after = page.next;
  }
  return events;
}

async function head(url: string): Promise<{ readonly position: number }> {
  const { head: position } = await (await fetch(`${url}/api/events?limit=1`)).json();
  return { position };
}

/** Each listener has, without a gap or a repeat, come to the state that every node shows. */
async function listenerFaults({ nodes }: Cluster, listeners: readonly Listener[]): Promise<string[]> {
  const read = () => Promise.all(nodes.map(({ url }) => stateOf(url)));
  const isHeard = (state: Shown | undefined) =>
    listeners.every(({ follower }) => isDeepStrictEqual(shown(follower.state), state));
  let states = await read();
  // A request whose client has given up can still change something.
  for (let waited = 0; waited < SETTLING && !states.every(isHeard); waited += 100) {
    await setTimeout(100);
    states = await read();
  }
  const [state] = states;
  return [
    ...states.flatMap((each, index) =>
      isDeepStrictEqual(each, state) ? [] : [`Node ${index + 1} shows another state.`],
    ),
    ...listeners.flatMap(({ follower, resyncs }, index) => [
      ...follower.faults.map((fault) => `Listener ${index}: ${fault}`),
      ...differences(shown(follower.state), state).map((line) => `Listener ${index}: ${line}`),
      ...(resyncs > 0 ? [`Listener ${index} was told to read everything again.`] : []),
    ]),
  ];
}

/** What one of two states has and the other has not; a line of each kind is enough. */
function differences(one: Shown, other: Shown | undefined): string[] {
  const only = (these: Shown | undefined, those: Shown | undefined, whose: string) =>
    (['services', 'incidents'] as const).flatMap((list) => {
      const more = (these?.[list] ?? []).filter((text) => !those?.[list].includes(text));
      return more.length === 0 ? [] : [`${more.length} ${list} are only ${whose}: ${more[0]}`];
    });
  return [...only(one, other, 'at the listener'), ...only(other, one, 'at the nodes')];
}

type Shown = Readonly<Record<'services' | 'incidents', readonly string[]>>;

async function stateOf(url: string): Promise<Shown> {
  const read = async (path: string) => (await fetch(`${url}${path}`)).json() as Promise<readonly object[]>;
  return shown({ services: await read('/api/services'), incidents: await read('/api/incidents') });
}

/**
 * In an order of its own: pages and lists have others. The lists are made here, as those that `fetch` parses are of another
 * realm in Jest, and equal none of this one.
 */
function shown({ services = [], incidents = [] }: Readonly<Record<string, readonly object[]>>): Shown {
  const texts = (entities: readonly object[]) => Array.from(entities, (entity) => JSON.stringify(entity)).sort();
  return { services: texts(services), incidents: texts(incidents) };
}
