// Starts the real server on a free loopback port, for tests that send requests over the network.
import type { AddressInfo } from 'node:net';
import { type App, type AppSurroundings, createApp } from '../../src/app/app.ts';
import { type Config, parseConfig } from '../../src/app/config.ts';
import type { TestDatabase } from './postgres/databases.ts';
import type { ReusedDatabases } from './postgres/reused.ts';
import { ROOT } from './root.ts';

export interface StartedApp extends App {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** The unexpected errors that the server has reported so far. */
  readonly reported: readonly string[];
  /** A request to this server; the body of a `json` option is sent as JSON. */
  request(path: string, options?: RequestInit & { json?: unknown }): Promise<Response>;
}

/** Environment variables that a test sets. By default the log is in memory and there is no sample data. */
type Environment = Record<string, string>;

const DEFAULTS: Environment = { DATABASE_URL: 'memory:', SAMPLE_DATA: 'false', LOG_FORMAT: 'none', NODE_ENV: 'test' };

/** The configuration of a test's server. Throws if the environment is invalid. */
export function testConfig(environment: Environment = {}): Config {
  const parsed = parseConfig({ ...DEFAULTS, ...environment });
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed.config;
}

let databases: ReusedDatabases | undefined;

/** From now on, what a test would keep in memory is in one of these databases. */
export function keepIn(postgres: ReusedDatabases): void {
  databases = postgres;
}

export async function startApp(
  environment: Environment = {},
  given: Partial<AppSurroundings> = {},
): Promise<StartedApp> {
  const reported: string[] = [];
  const report = (message: string, error: unknown) => reported.push(`${message}: ${error}`);
  const database = await databaseOf(environment);
  const config = testConfig({ ...environment, ...(database ? { DATABASE_URL: database.url } : {}) });
  const app = await createApp(config, { root: ROOT, report, output: process.stdout, ...given });
  await new Promise<void>((resolve) => app.server.listen(0, '127.0.0.1', resolve));
  const { port } = app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const request: StartedApp['request'] = (path, { json, ...options } = {}) =>
    fetch(url + path, asProgram(url, json === undefined ? options : asJson(json, options)));
  const close = () => app.close().finally(() => database && databases?.giveBack(database));
  return { ...app, url, request, reported, close };
}

/** What a test would keep in memory may be in a PostgreSQL database of its own. */
async function databaseOf({ DATABASE_URL }: Environment): Promise<TestDatabase | undefined> {
  return DATABASE_URL === undefined ? databases?.take() : undefined;
}

/**
 * Sends requests with a cookie from the origin of the server, unless a test names another one. Refuses compressed
 * responses, unless a test asks for them: fetch accepts them by default, and when they come, with another ETag, depends
 * on timing.
 */
function asProgram(origin: string, options: RequestInit): RequestInit {
  const headers = new Headers(options.headers);
  if (headers.has('Cookie') && !headers.has('Origin')) headers.set('Origin', origin);
  if (!headers.has('Accept-Encoding')) headers.set('Accept-Encoding', 'identity');
  return { ...options, headers };
}

function asJson(json: unknown, options: RequestInit): RequestInit {
  const headers = new Headers(options.headers);
  headers.set('Content-Type', 'application/json');
  return { method: 'POST', ...options, headers, body: JSON.stringify(json) };
}
