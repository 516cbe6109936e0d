// The server as a process: reads the environment, listens, prints the set-up link, and closes on a signal.

import { guessableSlugs } from '../../projections/organizations.ts';
import { JournalError } from '../log/journal.ts';
import { type App, createApp } from './app.ts';
import { type Config, noticesOf, originOf, parseConfig } from './config.ts';

/** The parts of the process that the server uses. */
export type ServerProcess = Pick<NodeJS.Process, 'env' | 'once' | 'exit' | 'stdout'>;

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

  const surroundings = { root, report: console.error, output: process.stdout };
  const app = await createApp(config, surroundings).catch((error: unknown) => {
    if (!(error instanceof JournalError)) throw error;
    return fail([`The log in DATA_DIR (${config.dataDir}) cannot be opened. ${error.message}`]);
  });

  app.server.on('error', async (error: NodeJS.ErrnoException) => {
    await app.close();
    if (error.code === 'EADDRINUSE') fail([`Port ${config.port} is in use; set PORT to a free one.`]);
    fail([`The server cannot listen on HOST ${config.host} with PORT ${config.port}: ${error.message}.`]);
  });
  app.server.listen(config.port, config.host, () => {
    const address = app.server.address();
    const origin = originOf({ ...config, port: typeof address === 'object' && address ? address.port : config.port });
    console.log(`Plive listens on ${origin}`);
    for (const notice of noticesOf(config)) console.error(notice);
    listGuessableSlugs(app);
    if (app.maxSockets < config.maxConnections) console.error(fewerSockets(app, config));
    offerSetup(app, origin).catch((error) => console.error('the set-up link could not be made:', error));
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      await app.close();
      process.exit(0);
    });
  }
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
