// The server as a process: reads the environment, listens, prints the set-up link, and closes on a signal.

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { guessableSlugs } from '../../projections/organizations.ts';
import { atMostEvery } from '../bounds/at-most-every.ts';
import { JournalError } from '../log/journal.ts';
import { type App, type AppSurroundings, createApp } from './app.ts';
import { type Config, noticesOf, originOf, parseConfig } from './config.ts';
import { letGo } from './let-go.ts';
import { operatorReport } from './operator-report.ts';
import { createStartingServer, createWhenReachable } from './starting.ts';

/** The parts of the process that the server uses. */
type ServerProcess = Pick<NodeJS.Process, 'env' | 'once' | 'exit' | 'stdout'>;

/** How often the reason why the log cannot be opened is printed, in milliseconds. */
const REASON_INTERVAL = 10_000;

/**
 * Runs the server in this process. Prints the reason and exits with code 1 if it cannot start. `root` is the directory
 * that `src/` was compiled to.
 */
export async function serve(process: ServerProcess, root: URL): Promise<void> {
  const fail = (lines: readonly string[]): never => {
    console.error(lines.join('\n'));
    return process.exit(1);
  };
  const parsed = parseConfig(process.env);
  if (!parsed.ok) return fail(['The configuration is not valid:', ...parsed.problems.map((problem) => `  ${problem}`)]);
  const { config } = parsed;

  let app: App | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      await app?.close();
      process.exit(0);
    });
  }
  const listen = (server: Server, handle?: Server) =>
    listening(server, handle ?? config).catch(async (error) => {
      await app?.close();
      return fail([cannotListen(config, error)]);
    });
  const starting = config.database && createStartingServer();
  if (starting) {
    await listen(starting);
    console.log(`Plive is starting at ${originAt(starting, config)}`);
  }
  const report = operatorReport(console.error);
  const open = () =>
    opened(config, { root, report, output: process.stdout }).catch((error: unknown) => {
      // It would keep the process alive.
      starting?.close();
      if (!(error instanceof JournalError)) throw error;
      return fail([`The log in ${placeOf(config)} cannot be opened. ${error.message}`]);
    });
  app = await open();
  await listen(app.server, starting);
  announce(app, config);
  while (await app.isReplaced) {
    const former = app;
    // Meanwhile the former one shows what it has.
    app = await open();
    await listen(app.server, former.server);
    letGo(former.server);
    console.error(REPLACED);
    await former.close();
  }
}

const REPLACED = 'The database had another log than this server: clients have been disconnected, and get that one now.';

/** The server, as soon as its log is open. */
function opened(config: Config, surroundings: AppSurroundings): Promise<App> {
  const create = () => createApp(config, surroundings);
  if (!config.database) return create();
  let reason = '';
  const tell = atMostEvery(REASON_INTERVAL, () =>
    console.error(`The log in ${placeOf(config)} cannot be opened yet, which is tried again every second. ${reason}`),
  );
  return createWhenReachable(create, (why) => {
    reason = why;
    tell();
  });
}

function placeOf({ database, dataDir }: Config): string {
  return database ? 'PostgreSQL' : `DATA_DIR (${dataDir})`;
}

/** Resolves when the server listens, at an address or in place of another server. Later errors are thrown. */
async function listening(server: Server, at: Pick<Config, 'port' | 'host'> | Server): Promise<void> {
  server.listen(at);
  await once(server, 'listening');
}

function cannotListen({ host, port }: Config, error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') return `Port ${port} is in use; set PORT to a free one.`;
  return `The server cannot listen on HOST ${host} with PORT ${port}: ${error.message}.`;
}

/** The origin of a server that listens, for clients on this machine. */
function originAt(server: Server, config: Config): string {
  const { port } = server.address() as AddressInfo;
  return originOf({ ...config, port });
}

function announce(app: App, config: Config): void {
  const origin = originAt(app.server, config);
  console.log(`Plive listens on ${origin}`);
  for (const notice of noticesOf(config)) console.error(notice);
  listGuessableSlugs(app);
  if (app.maxSockets < config.maxConnections) console.error(fewerSockets(app, config));
  offerSetup(app, origin).catch((error) => console.error('the set-up link could not be made:', error));
}

/** The most slugs that are listed. */
const LISTED = 20;

/** Prints the slugs of private organisations that can be found by trying: those from before slugs had random ends. */
function listGuessableSlugs({ models }: App): void {
  const slugs = guessableSlugs(models.current.organizations);
  if (slugs.length === 0) return;
  const more = slugs.length > LISTED ? `, and ${slugs.length - LISTED} more` : '';
  console.log(
    `Slugs of private organisations that others can find by trying: ${slugs.slice(0, LISTED).join(', ')}${more}. ` +
      'If an owner chooses another slug, random characters are added to it.',
  );
}

/** Some connections are kept for requests without sockets. */
function fewerSockets({ maxSockets }: App, { maxConnections }: Config): string {
  return `Of MAX_CONNECTIONS=${maxConnections}, ${maxSockets} sockets can be open: raise the limit of open files (ulimit -n).`;
}

/** Prints the set-up link if the server has no owner. */
async function offerSetup({ identity, workflows }: App, origin: string): Promise<void> {
  const token = await workflows?.setUp.issueToken();
  if (!identity || token === undefined) return;
  console.log('This server has no owner yet. The first person to open this link, within a day, becomes the owner:');
  console.log(`  ${identity.links.address('setup', token, origin)}`);
}
