// The composition root: builds every part that others share, and joins them.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { checkUpcasters } from '../../projections/events/upcasters.ts';
import { meRoutes } from '../api/accounts/me.ts';
import { sessionRoutes } from '../api/accounts/sessions.ts';
import { eventExportRoutes } from '../api/log/event-export.ts';
import { eventStreamRoutes } from '../api/log/event-stream.ts';
import { eventRoutes } from '../api/log/events.ts';
import { redactionRoutes } from '../api/log/redactions.ts';
import { invitationRoutes } from '../api/organizations/invitations.ts';
import { keyRoutes } from '../api/organizations/keys.ts';
import { organizationRoutes } from '../api/organizations/organizations.ts';
import { peopleRoutes } from '../api/organizations/people.ts';
import { roleRoutes } from '../api/organizations/roles.ts';
import { teamRoutes } from '../api/organizations/teams.ts';
import { explainRoutes } from '../api/page/explain.ts';
import { historyRoutes } from '../api/page/history.ts';
import { incidentRoutes } from '../api/page/incidents.ts';
import { serviceRoutes } from '../api/page/services.ts';
import { statusRoutes } from '../api/page/status.ts';
import { docsRoutes } from '../api/server/docs.ts';
import { healthRoutes } from '../api/server/health.ts';
import type { Output } from '../bounds/gathered-output.ts';
import { LoopDelay } from '../bounds/loop-delay.ts';
import { RateLimiter } from '../bounds/rate-limiter.ts';
import { Dispatcher } from '../commands/dispatch.ts';
import { sampleData } from '../commands/sample-data.ts';
import { createAccessLog } from '../http/access-log.ts';
import { createActorNames } from '../http/actor-names.ts';
import { createAsOf } from '../http/as-of.ts';
import { ResponseCache } from '../http/cache/response-cache.ts';
import { byConnection } from '../http/connection-address.ts';
import type { EntityParts } from '../http/entity-parts.ts';
import { createExpressApp } from '../http/express-app.ts';
import { openApiDocument } from '../http/openapi/openapi-document.ts';
import type { Route } from '../http/route.ts';
import { createClientAddress } from '../identity/client-address.ts';
import { Identity, type IdentityOptions } from '../identity/identity.ts';
import { createOriginPolicy } from '../identity/origins.ts';
import type { ScryptCost } from '../identity/passwords.ts';
import { openPolicy } from '../identity/policy.ts';
import { EventLog } from '../log/event-log.ts';
import { IntegrityCheck } from '../log/integrity-check.ts';
import type { Journal } from '../log/journal.ts';
import { MemoryJournal } from '../log/memory-journal.ts';
import type { Report } from '../log/report.ts';
import { ReadModels } from '../read-models/read-models.ts';
import { Snapshots } from '../read-models/snapshots.ts';
import { TimeTravel } from '../read-models/time-travel.ts';
import { Gateway } from '../realtime/gateway.ts';
import { realtimeRoutes } from '../realtime/routes.ts';
import { sqliteIdentityStore } from '../sqlite/identity/sqlite-identity-store.ts';
import { SqliteJournal } from '../sqlite/journal/sqlite-journal.ts';
import { accountPages } from '../web/accounts.ts';
import { webRoutes } from '../web/routes.ts';
import { Workflows } from '../workflows/workflows.ts';
import type { Config } from './config.ts';
import { createIds } from './new-id.ts';

export interface App {
  /** Serves HTTP and sockets; not yet listening. */
  readonly server: Server;
  readonly log: EventLog;
  readonly models: ReadModels;
  /** Who people and machines are; none of a server that is open to all. */
  readonly identity?: Identity;
  /** What changes both identity and the log; none where there is no identity. */
  readonly workflows?: Workflows;
  /** The whole route table. */
  readonly routes: readonly Route[];
  /** Stops accepting, lets running requests finish, tells sockets to come back later, and closes the log. */
  close(): Promise<void>;
}

/** What a running server needs of the world besides its configuration. */
export interface Surroundings {
  /** The directory that `src/` was compiled to: what is loaded by its path is found from there. */
  readonly root: URL;
  /** Told of errors that nobody foresaw. */
  readonly report: Report;
  /** Takes the access log. */
  readonly output: Output;
  /** Whether answers are kept in front of Express; they are, unless told. */
  readonly isCaching?: boolean;
  /** The clock; the system's, unless told. */
  readonly now?: () => Date;
  /** Makes UUIDv7. */
  readonly newId?: () => string;
  /** What a guess at a password costs; as much as today's machines should pay, unless told. */
  readonly passwordCost?: ScryptCost;
}

/** How many events lie between two snapshots, and how many make one worth its while at a shutdown. */
const SNAPSHOTS = { every: 50_000, atShutdown: 1_000 };
/** How many events at the end of the log are checked before anything is served, at the most. */
const CHECKED_TAIL = 50_000;
/** How many commits may wait for the journal. */
const MAX_WAITING = 10_000;
/** How long running requests may take to finish at the end, in milliseconds. */
const CLOSING_TIME = 5_000;
/** How often connections are closed that have nothing left to do then, in milliseconds. */
const IDLE_CHECK = 50;
/** A client that dawdles over its headers or its body is cut off; in milliseconds. */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 15_000, connectionsCheckingInterval: 2_000 };

/** A broadcast to ten thousand sockets holds the loop for a quarter of a second, and is no reason to refuse anything. In milliseconds. */
const LOOP_DELAY = { window: 2_000, tooLate: 750 };

/** How often changes may be made where requests are limited, by who makes them and by what they are for. */
const WRITES = {
  credential: { name: 'credential', count: 120, window: 60 },
  organization: { name: 'organization', count: 1_200, window: 60 },
};

/** How often one client of a socket may send a message there: a hundred at once, twenty a second. */
const MESSAGES = { name: 'message', count: 100, window: 5 };
const SOCKETS_PER_ADDRESS = 500;

/** Builds a server on its opened log. Rejects with a `JournalError` where the log cannot be had. */
export async function createApp(config: Config, surroundings: Surroundings): Promise<App> {
  checkUpcasters();
  const { root, report, output, isCaching = true, now = () => new Date(), newId = createIds() } = surroundings;
  const journal = createJournal(config, root, now);
  const log = new EventLog(journal, {
    newId,
    eventsInMemory: config.eventsInMemory,
    maxWaiting: MAX_WAITING,
    report,
  });
  // The read models come first: whoever subscribes later finds them up to date.
  const models = new ReadModels(log.committed$, report);
  const origins = createOriginPolicy({ ...config, production: config.environment === 'production' });
  const identity = createIdentity(config, { ...surroundings, models, now, newId });
  const policy = identity?.policy ?? openPolicy;
  const clientAddress = byConnection(createClientAddress(config.trustProxy));
  const limits = createLimits(config, now);
  const gateway = new Gateway({
    log,
    models,
    policy,
    origins,
    clientAddress,
    maxConnections: { total: config.maxConnections, perAddress: limits ? SOCKETS_PER_ADDRESS : config.maxConnections },
    messages: limits?.messages,
    now,
    report,
  });
  const participants = [...models.participants, gateway.participant];
  const snapshots = new Snapshots(journal, { ...SNAPSHOTS, participants, report });
  const { dispatch } = new Dispatcher({ log, models, now, newId, limiter: limits?.organizations });
  const workflows = identity && new Workflows({ identity, log, models, dispatch });
  const asOf = createAsOf({ log, models, timeTravel: new TimeTravel(log, models, snapshots), now });
  const loopDelay = new LoopDelay(LOOP_DELAY);
  const { version } = JSON.parse(await readFile(new URL('../../package.json', root), 'utf8'));

  const routes: Route[] = [
    ...healthRoutes({ log, models, loopDelay, now }),
    ...serviceRoutes({ models, dispatch, asOf }),
    ...incidentRoutes({ models, dispatch, asOf }),
    ...historyRoutes({ log, models, nameActors: identity && createActorNames(identity.accounts, models) }),
    ...(identity && workflows ? accountRoutes({ identity, workflows, models, dispatch, asOf, now, root }) : []),
    ...statusRoutes(models, asOf),
    ...explainRoutes(log, models),
    ...eventRoutes(log, models, asOf),
    ...redactionRoutes(log, dispatch),
    ...eventStreamRoutes(log),
    ...eventExportRoutes(log),
    ...realtimeRoutes(gateway, now),
    ...docsRoutes(() => openApiDocument(routes, { version, sessionCookie: identity?.cookie.name }), root),
    ...webRoutes(root),
  ];
  const closing = new AbortController();
  const http = {
    ...{ routes, policy, origins, clientAddress, limits, report },
    // Of no order, because they cost less: every request has one.
    newId: randomUUID,
    accessLog: createAccessLog(config.logFormat, clientAddress, output),
    logId: () => log.id,
    position: () => log.position,
  };
  const cache = isCaching ? new ResponseCache(http) : undefined;
  const express = createExpressApp({
    ...http,
    cache,
    isOverloaded: () => loopDelay.isTooLong,
    streams: { closing: closing.signal },
  });
  const server = createServer(TIMEOUTS, cache?.inFrontOf(express) ?? express);
  gateway.attach(server);

  const integrity = new IntegrityCheck(journal, log, { tail: CHECKED_TAIL, report });
  const parts = { server, closing, gateway, identity, integrity, snapshots, loopDelay, log };

  try {
    await log.open(
      () => snapshots.start(),
      (after) => integrity.checkAfter(after),
    );
    await identity?.open();
  } catch (error) {
    await release(parts);
    throw error;
  }
  snapshots.keepUp(log.committed$);
  loopDelay.start();
  if (config.sampleData && log.position === 0) {
    const { kind } = await log.append({ ...sampleData(now()), correlationId: newId() });
    if (kind !== 'appended') report('the sample data was not recorded', kind);
  }
  void integrity.checkAll();

  return {
    server,
    log,
    models,
    ...(identity ? { identity } : {}),
    ...(workflows ? { workflows } : {}),
    routes,
    close: () => close(parts),
  };
}

/** The rows that mean something only where people sign in. */
function accountRoutes({
  identity,
  workflows,
  now,
  root,
  ...parts
}: EntityParts & { identity: Identity; workflows: Workflows; now: () => Date; root: URL }): Route[] {
  const { models, dispatch } = parts;
  return [
    ...sessionRoutes(identity, workflows),
    ...meRoutes(identity, workflows),
    ...organizationRoutes(parts),
    ...teamRoutes(parts),
    ...roleRoutes(parts),
    ...peopleRoutes(identity.accounts, models),
    ...invitationRoutes({ identity, workflows, models, dispatch, now }),
    ...keyRoutes({ identity, workflows, models, dispatch }),
    ...accountPages(root),
  ];
}

/** None where nobody needs to sign in. */
function createIdentity(
  { auth, journal, dataDir, publicUrl }: Config,
  { root, ...parts }: Omit<IdentityOptions, 'store' | 'publicUrl'> & { root: URL },
): Identity | undefined {
  if (auth === 'open') return undefined;
  const store = sqliteIdentityStore({ root, directory: journal === 'memory' ? undefined : dataDir });
  return new Identity({ ...parts, store, publicUrl });
}

function createJournal({ journal, dataDir }: Config, root: URL, now: () => Date): Journal {
  return journal === 'memory' ? new MemoryJournal({ now }) : new SqliteJournal({ directory: dataDir, root, now });
}

function createLimits({ rateLimit }: Config, now: () => Date) {
  if (rateLimit === 0) return undefined;
  return {
    addresses: new RateLimiter({ name: 'address', count: rateLimit, window: 60 }, { now }),
    credentials: new RateLimiter(WRITES.credential, { now }),
    organizations: new RateLimiter(WRITES.organization, { now }),
    messages: new RateLimiter(MESSAGES, { now }),
  };
}

interface Closing {
  readonly server: Server;
  /** Aborted for whatever would never end by itself. */
  readonly closing: AbortController;
  readonly gateway: Gateway;
  readonly identity: Identity | undefined;
  readonly integrity: IntegrityCheck;
  readonly snapshots: Snapshots;
  readonly loopDelay: LoopDelay;
  readonly log: EventLog;
}

async function close(parts: Closing): Promise<void> {
  const { server, closing, gateway, identity, snapshots, log } = parts;
  const closed = new Promise((resolve) => server.close(resolve));
  closing.abort();
  gateway.close();
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK);
  const impatience = setTimeout(() => server.closeAllConnections(), CLOSING_TIME);
  await closed;
  clearInterval(idle);
  clearTimeout(impatience);
  await identity?.close();
  await snapshots.finish(log.position);
  await release(parts);
}

async function release({ loopDelay, integrity, log }: Pick<Closing, 'loopDelay' | 'integrity' | 'log'>): Promise<void> {
  loopDelay.stop();
  await integrity.stop();
  await log.close();
}
