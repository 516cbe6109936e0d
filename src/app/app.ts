// The application: builds all parts of the server, opens them, and closes them.
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkUpcasters } from '../../projections/events/upcasters.ts';
import type { Output } from '../bounds/batched-output.ts';
import { Budget } from '../bounds/budget.ts';
import { LoopDelay } from '../bounds/loop-delay.ts';
import { Places } from '../bounds/places.ts';
import { type Quota, RateLimiter } from '../bounds/rate-limiter.ts';
import { Turns } from '../bounds/turns.ts';
import { Dispatcher } from '../commands/dispatch.ts';
import { sampleData } from '../commands/sample-data.ts';
import { isUnowned } from '../commands/setup.ts';
import { createAsOf } from '../http/as-of.ts';
import { byConnection } from '../http/connection-address.ts';
import { Connections, type ConnectionTerms } from '../http/connections/connections.ts';
import { UnreadBodies } from '../http/connections/unread-bodies.ts';
import { ForwardingNotice } from '../http/forwarding-notice.ts';
import { Freshness } from '../http/freshness/freshness.ts';
import { type BudgetTerms, Payers } from '../http/payers.ts';
import type { Route } from '../http/route.ts';
import { type ClientAddress, createClientAddress, createProxyTrust } from '../identity/client-address.ts';
import { Identity } from '../identity/identity.ts';
import { createOriginPolicy } from '../identity/origins.ts';
import type { ScryptCost } from '../identity/passwords.ts';
import { openPolicy } from '../identity/policy.ts';
import { ClockWatch } from '../log/clock-watch.ts';
import { EventLog } from '../log/event-log.ts';
import { IntegrityCheck } from '../log/integrity-check.ts';
import { JournalError } from '../log/journal.ts';
import type { Report } from '../log/report.ts';
import { MaintenanceClock } from '../reactors/maintenance-clock.ts';
import { type Reactor, Tenure } from '../reactors/tenure.ts';
import { systemTimer } from '../reactors/timer.ts';
import { Pasts } from '../read-models/pasts.ts';
import { ReadModels } from '../read-models/read-models.ts';
import { Snapshots } from '../read-models/snapshots.ts';
import { TimeTravel } from '../read-models/time-travel.ts';
import type { MaxConnections } from '../realtime/connection-limits.ts';
import { Gateway } from '../realtime/gateway.ts';
import { readAssets } from '../web/reply/assets.ts';
import { createProblemPage } from '../web/reply/problem-page.tsx';
import { Pictures } from '../workflows/pictures.ts';
import { Workflows } from '../workflows/workflows.ts';
import { type Config, noticesOf } from './config.ts';
import { connectionTotals } from './connection-totals.ts';
import { clockNotices, clockOf } from './database-clock.ts';
import { createEngines, type Engines } from './engines.ts';
import { closeHttpServer, createHttpServer } from './http-server.ts';
import { LIMITS } from './limits.ts';
import { createIds } from './new-id.ts';
import { readOpenFilesLimit } from './open-files.ts';
import { Presence } from './presence.ts';
import { createRoutes } from './routes.ts';

export interface App {
  /** Serves HTTP and sockets; not yet listening. */
  readonly server: Server;
  readonly log: EventLog;
  readonly models: ReadModels;
  /** Accounts, sessions and keys; absent with `AUTH=open`. */
  readonly identity?: Identity;
  /** Operations that change both identity and the log; absent with `AUTH=open`. */
  readonly workflows?: Workflows;
  /** The whole route table. */
  readonly routes: readonly Route[];
  /** Resolves with `true` when the database has another log, which another application can open. */
  readonly isReplaced: Promise<boolean>;
  /** How many sockets can be open: fewer than configured where the process may not open enough files. */
  readonly maxSockets: number;
  /**
   * Stops accepting connections, lets running requests finish, disconnects sockets so that they reconnect, and closes
   * the log.
   */
  close(): Promise<void>;
}

/** What a server needs besides its configuration. */
export interface AppSurroundings {
  /** The directory that `src/` was compiled to. Workers and assets are loaded from there. */
  readonly root: URL;
  /** Receives unexpected errors. */
  readonly report: Report;
  /** Receives the access log. */
  readonly output: Output;
  /** Whether there is a response cache in front of Express. Default: true. */
  readonly isCaching?: boolean;
  /** The clock. Default: the system's, or that of a database that several servers share. */
  readonly now?: () => Date;
  /** Makes UUIDv7. */
  readonly newId?: () => string;
  /** The cost of password hashes. Default: the one recommended for today's machines. */
  readonly passwordCost?: ScryptCost;
  /** How often open connections are checked for expired sessions and keys, in milliseconds. Default: one second. */
  readonly expiryCheck?: number;
  /** How long a socket client may read nothing while data waits for it, in milliseconds. Default: 15 seconds. */
  readonly readTimeout?: number;
  /** How many files the process may have open. Default: what the system says, if it does. */
  readonly openFiles?: number | undefined;
}

/** Number of events between two snapshots, and since the last snapshot for the server to write one when it closes. */
const SNAPSHOTS = { every: 50_000, atShutdown: 1_000 };
/** The most events at the end of the log that are checked before the server accepts requests. */
const CHECKED_TAIL = 50_000;
/**
 * When the event loop counts as overloaded, in milliseconds. A broadcast to 10,000 sockets blocks it for 250 and must
 * not count.
 */
const LOOP_DELAY = { window: 2_000, tooLate: 750 };

/** Builds a server and opens its log. Rejects with a `JournalError` if the log cannot be opened. */
export async function createApp(config: Config, given: AppSurroundings): Promise<App> {
  checkUpcasters();
  const openFiles = await readOpenFilesLimit();
  const surroundings = { isCaching: true, now: () => new Date(), newId: createIds(), openFiles, ...given };
  const engines = createEngines(config, { root: given.root, now: given.now });
  const parts = build(config, engines, surroundings, await readVersion(given.root));
  await open(parts, config);
  for (const warning of parts.warnings()) surroundings.report('the data is not private', warning);
  if (config.sampleData && parts.log.position === 0) await recordSampleData(parts.log, surroundings);
  const { server, log, models, accounts, routes } = parts;
  const maxSockets = parts.totals.sockets;
  const { isReplaced } = log;
  return { server, log, models, ...accounts, routes, isReplaced, maxSockets, close: () => close(parts) };
}

type Complete = AppSurroundings & Required<Pick<AppSurroundings, 'isCaching' | 'now' | 'newId'>>;
type Parts = ReturnType<typeof build>;

/** All parts of the server, not yet opened. */
function build(config: Config, engines: Engines, surroundings: Complete, version: string) {
  const { root, newId, passwordCost, expiryCheck, readTimeout, isCaching, output, report } = surroundings;
  const { publicUrl, trustProxy, eventsInMemory, logFormat, securityContact, nodeName } = config;
  const { journal, identityStore: store, pictureStore, warnings, pastEngine } = engines;
  const now = clockOf(surroundings.now, journal.shared);

  const log = new EventLog(journal, { newId, eventsInMemory, maxWaiting: LIMITS.commits, report });
  // Subscribers receive a commit in the order of their subscription. Read models come first, so all others find them
  // current.
  const models = new ReadModels(log.committed$, report, log);

  const terms = { nodeName, publicUrl, passwordCost, expiryCheck, limits: LIMITS.identity };
  const identity = store && new Identity({ store, models, log, ...terms, now, newId, report });
  const policy = identity?.policy ?? openPolicy;
  const origins = createOriginPolicy({ ...config, production: config.environment === 'production' });
  const forwarding = new ForwardingNotice((notice) => report('X-Forwarded-For was ignored', notice));
  const fromHeaders = createClientAddress(trustProxy);
  const clientAddress = byConnection(trustProxy === 0 ? forwarding.watching(fromHeaders) : fromHeaders);
  const limiters = createLimiters(config, now);
  const access = { policy, origins, clientAddress };
  const payers = new Payers(clientAddress, budgetTerms(config, now));
  const turns = new Turns(LIMITS.turns);

  const freshness = new Freshness(log, new Places(LIMITS.freshness, config.rateLimit > 0));

  const totals = connectionTotals(config.maxConnections, surroundings.openFiles);
  const sockets = { ...LIMITS.sockets, connections: maxConnections(config, totals.sockets) };
  const timed = { readTimeout, limiters: limiters?.sockets, payers, turns, now };
  const gateway = new Gateway({ ...access, ...timed, log, freshness, models, limits: sockets, report });
  const participants = [...models.participants, gateway.participant];
  const snapshots = new Snapshots(journal, { ...SNAPSHOTS, participants, isWriter: () => tenure.isHeld, report });
  const timeTravel = new TimeTravel(log, models);
  const pasts = new Pasts(pastEngine(models, report), log.committed$, LIMITS.pasts.waiting);
  const newCheck = () => new IntegrityCheck(journal, log, { tail: CHECKED_TAIL, report });
  const startCheck = newCheck();
  const loopDelay = new LoopDelay(LOOP_DELAY);
  const clock = new ClockWatch({ log, now, report });

  const { organizations: limiter } = limiters ?? {};
  const { dispatch, preview } = new Dispatcher({ log, models, now, newId, limiter, maxWaiting: LIMITS.commands });
  // What the clock records takes nothing of what an organisation may change.
  const lease = () => tenure.lease;
  const { dispatch: unlimited } = new Dispatcher({ log, models, now, newId, lease, maxWaiting: LIMITS.commands });
  const clocked = { models, dispatch: unlimited, now, newId, report, setTimer: systemTimer };
  const reactors = () => [new MaintenanceClock(clocked), inBackground(newCheck())];
  const tenure = new Tenure({ shared: journal.shared, reactors, setTimer: systemTimer });
  const workflows = identity && new Workflows({ identity, log, models, dispatch, newId, report });
  const pictures = new Pictures({ store: pictureStore, log, models, dispatch, report, ...LIMITS.pictures });
  const asOf = createAsOf({ log, models, timeTravel, pasts, now });
  const accounts = identity && workflows && { identity, workflows };
  const state = () => ({ version, position: log.position, url: publicUrl });
  const presence = new Presence({ nodes: engines.nodes, name: nodeName, state, setTimer: systemTimer });
  const watched = [
    clock,
    forwarding,
    clockNotices(journal.shared),
    presence,
    { notices: noticesOf(config) },
    ...(identity ? [identity] : []),
  ];
  const origin = () => publicUrl ?? `http://localhost:${(server.address() as AddressInfo | null)?.port ?? config.port}`;
  const isHttps = publicUrl?.startsWith('https:') ?? false;
  const histograms = new Places(LIMITS.histograms, config.rateLimit > 0);
  const served = { pictures, histograms, gateway, loopDelay, accounts, watched, node: nodeName, now, root, version };
  const reached = { isHttps, origin, securityContact };
  const routes = createRoutes({ log, models, dispatch, preview, asOf, ...served, ...reached });

  const closing = new AbortController();
  const httpParts = {
    ...access,
    routes,
    log,
    freshness,
    limits: limiters,
    payers,
    turns,
    loopDelay,
    now,
    closing: closing.signal,
  };
  const problemPage = createProblemPage({ ...readAssets(root), hasAccounts: identity !== undefined });
  const server = createHttpServer(httpParts, { isCaching, isHttps, logFormat, problemPage, output, report });
  const connections = createConnections(config, { total: totals.all, report });
  gateway.attach(server, (connection) => connections.becameWebSocket(connection));
  connections.attach(server);
  createUnreadBodies(config, clientAddress).attach(server);
  return {
    server,
    totals,
    closing,
    routes,
    log,
    models,
    accounts,
    gateway,
    snapshots,
    pasts,
    startCheck,
    pictures,
    loopDelay,
    clock,
    tenure,
    presence,
    warnings,
    engines,
  };
}

/** Opens the log and identity, and finishes interrupted workflows. If that fails, stops what was started. */
async function open(parts: Parts, config: Config): Promise<void> {
  const { log, accounts, snapshots, startCheck, clock, tenure, loopDelay, pictures, presence } = parts;
  try {
    await log.open(
      () => snapshots.start(),
      (after) => startCheck.checkAfter(after),
    );
    refuseOpen(parts, config);
    await clock.start({ isAllowed: config.allowClockAhead });
    await accounts?.identity.open();
    await accounts?.workflows.start();
    await tenure.start();
  } catch (error) {
    await abandon(parts);
    throw error;
  }
  pictures.start();
  snapshots.keepUp(log.committed$);
  loopDelay.start();
  presence.start();
}

/** Throws a `JournalError` if other nodes ask who wants to change this log, and this one would ask nobody. */
function refuseOpen({ log, models }: Parts, { auth }: Config): void {
  if (auth === 'required' || !log.isShared || isUnowned(models.current.organizations)) return;
  throw new JournalError(
    'failed',
    'It has an owner, and with AUTH=open everyone who reaches this server may change everything: set AUTH=required.',
  );
}

async function recordSampleData(log: EventLog, { now, newId, report }: Complete): Promise<void> {
  const { kind } = await log.append({ ...sampleData(now()), correlationId: newId() });
  // Of several nodes that start together, one is first.
  if (kind !== 'appended' && kind !== 'conflict') report('the sample data was not recorded', kind);
}

async function close(parts: Parts): Promise<void> {
  const { server, tenure, closing, gateway, accounts, snapshots, log } = parts;
  await closeHttpServer(server, () => {
    closing.abort();
    gateway.close();
  });
  // A log that has failed may do so because its read models are wrong: no snapshot is made of them.
  await tenure.stop(() => snapshots.finish(log.failure === undefined ? log.position : 0));
  await accounts?.workflows.stop();
  await accounts?.identity.close();
  await release(parts);
}

/** Stops what was started of a server that cannot be opened, so that nothing is left of it. */
async function abandon(parts: Parts): Promise<void> {
  const { gateway, tenure, accounts } = parts;
  gateway.close();
  await tenure.stop(async () => {});
  await accounts?.workflows.stop();
  await accounts?.identity.close();
  await release(parts);
}

async function release({ loopDelay, presence, pasts, startCheck, pictures, log, engines }: Parts): Promise<void> {
  loopDelay.stop();
  await presence.stop();
  await pasts.close();
  await startCheck.stop();
  await pictures.close();
  await log.close();
  await engines.close();
}

/** Checks the whole log, on the node that does what one node alone does. */
function inBackground(check: IntegrityCheck): Reactor {
  return {
    // It takes long, and nothing waits for it.
    start: async () => void check.checkAll(),
    stop: () => check.stop(),
  };
}

/** `undefined` if requests are not limited. */
function createLimiters({ rateLimit }: Config, now: () => Date) {
  if (rateLimit === 0) return undefined;
  const { credential, organization, message, handshake, poll, controlFrame, packet, counted } = LIMITS.quotas;
  const limiter = (quota: Quota) => new RateLimiter(quota, { now, capacity: counted });
  return {
    addresses: limiter({ name: 'address', count: rateLimit, window: 60 }),
    credentials: limiter(credential),
    refusals: new Budget(LIMITS.refusals, { now, capacity: counted }),
    organizations: limiter(organization),
    sockets: {
      messages: limiter(message),
      engine: {
        ...{ handshakes: limiter(handshake), polls: limiter(poll) },
        ...{ controlFrames: limiter(controlFrame), packets: limiter(packet) },
      },
    },
  };
}

/** `undefined` if requests are not limited. */
function budgetTerms({ rateLimit }: Config, now: () => Date): BudgetTerms | undefined {
  if (rateLimit === 0) return undefined;
  const { perRequest, leastMilliseconds, ...terms } = LIMITS.budgets;
  const milliseconds = Math.max(perRequest.milliseconds * rateLimit, leastMilliseconds);
  return { address: { milliseconds, bytes: perRequest.bytes * rateLimit }, ...terms, now };
}

/** If requests are not limited, one address may open all the sockets. */
function maxConnections({ rateLimit }: Config, total: number): MaxConnections {
  return { total, perAddress: rateLimit === 0 ? total : LIMITS.sockets.perAddress };
}

function createConnections(
  { rateLimit, trustProxy }: Config,
  { total, report }: Pick<ConnectionTerms, 'total' | 'report'>,
): Connections {
  const { perPeer, pipelined } = LIMITS.connections;
  return new Connections({
    perPeer: rateLimit === 0 ? undefined : perPeer,
    total,
    pipelined,
    isProxy: createProxyTrust(trustProxy),
    report,
  });
}

function createUnreadBodies({ rateLimit }: Config, clientAddress: ClientAddress): UnreadBodies {
  const { perAddress, total } = LIMITS.unreadBodies;
  const largest = Math.max(LIMITS.bodies.bytes, LIMITS.pictures.bytes, LIMITS.sockets.messageBytes);
  return new UnreadBodies({ clientAddress, largest, perAddress: rateLimit === 0 ? total : perAddress, total });
}

async function readVersion(root: URL): Promise<string> {
  return JSON.parse(await readFile(new URL('../../package.json', root), 'utf8')).version;
}
