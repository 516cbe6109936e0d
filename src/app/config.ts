// The environment as a typed configuration: parsed once, with every problem reported at once.
import { BlockList, isIP } from 'node:net';
import { hostname } from 'node:os';
import proxyAddr from 'proxy-addr';
import * as z from 'zod';
import type { DatabaseAddress } from '../postgres/database.ts';

/** The settings of the server. */
export interface Config {
  /** TCP port to listen on; 0 lets the system choose. */
  readonly port: number;
  /** Name or address of the interface to listen on. */
  readonly host: string;
  readonly environment: 'development' | 'production' | 'test';
  /** Where events are kept: in a file in `dataDir`, in memory until the server stops, or in a PostgreSQL database. */
  readonly journal: 'sqlite' | 'memory' | 'postgres';
  /** The PostgreSQL database; present if that is where events are kept. */
  readonly database?: DatabaseAddress;
  /** Whether this node accepts by itself that the database has another log than it knows, as a restored backup has. */
  readonly onFork: 'refuse' | 'accept';
  /** What this node is called, among others on the same database. */
  readonly nodeName: string;
  /** Directory of all data. */
  readonly dataDir: string;
  /** `open`: everyone may do everything. `required`: people sign in and programs use API keys. */
  readonly auth: 'open' | 'required';
  /** The origin that people use: `https://status.example.org`. */
  readonly publicUrl?: string;
  /** Whether an open server may listen to other machines and run in production. */
  readonly allowOpen: boolean;
  /** Whether pages without an origin, such as files opened from disk, may read an open server and open sockets. */
  readonly allowNullOrigin: boolean;
  /** Origins of web pages, other than the server's own, that may use the API with credentials. */
  readonly corsOrigins: readonly string[];
  /**
   * Whose `X-Forwarded-For` is trusted: this number of proxies in front of the server, or proxies with these addresses
   * or in these networks.
   */
  readonly trustProxy: number | readonly string[];
  /** Requests per minute of one address; 0 for no limit, also on changes and socket messages. */
  readonly rateLimit: number;
  /** How many sockets may be open at once. */
  readonly maxConnections: number;
  /** Whether the server starts while the log is ahead of the clock by a day or more. */
  readonly allowClockAhead: boolean;
  /** Whether sample data is recorded if the log is empty. */
  readonly sampleData: boolean;
  /** Where vulnerabilities of the server are reported: a `mailto:`, `https:` or `tel:` address. */
  readonly securityContact?: string;
  /** Format of the access log, by its name in morgan; `none` writes no lines. */
  readonly logFormat: (typeof LOG_FORMATS)[number];
  /** Number of recent events in memory; older ones are read from the journal. */
  readonly eventsInMemory: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  /** One line for each problem: the variable, its value, and what is allowed. */
  | { readonly ok: false; readonly problems: string[] };

type ParsedDatabase =
  /** `undefined` if events are not kept in PostgreSQL. */
  | { readonly ok: true; readonly database: DatabaseAddress | undefined }
  | { readonly ok: false; readonly problems: string[] };

const LOG_FORMATS = ['dev', 'tiny', 'short', 'common', 'combined', 'none'] as const;

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Every variable with its default; its description completes the sentence "It must be …". */
export const VARIABLES = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((port) => port <= 65_535)
    .prefault('5000')
    .describe('a whole number from 0 to 65535'),
  HOST: z
    .string()
    .regex(/^[\w.:%-]+$/)
    .prefault('127.0.0.1')
    .describe('a host name or an IP address without brackets'),
  NODE_ENV: z
    .enum(['development', 'production', 'test'])
    .prefault('development')
    .describe('development, production or test'),
  DATABASE_URL: z
    .string()
    .refine((url) => url === 'sqlite:' || url === 'memory:' || isPostgresUrl(url))
    .prefault('sqlite:')
    .describe('sqlite: (a file in DATA_DIR), memory: (nothing is kept) or postgres://USER:PASSWORD@HOST/DATABASE'),
  DATABASE_DIRECT_URL: z
    .string()
    .refine(isPostgresUrl)
    .optional()
    .describe('the address of the same database past its connection pooler: postgres://USER:PASSWORD@HOST/DATABASE'),
  ALLOW_UNSAFE_DATABASE: flag().prefault('false').describe('true or false'),
  ON_FORK: z.enum(['refuse', 'accept']).prefault('refuse').describe('refuse or accept'),
  NODE_NAME: z
    .string()
    .regex(/^[\w.-]{1,63}$/)
    .optional()
    .describe('1 to 63 letters, digits, dots, hyphens and underscores'),
  DATA_DIR: z.string().prefault('./data').describe('a directory'),
  AUTH: z
    .enum(['open', 'required'])
    .optional()
    .describe('open (everyone who reaches the server may do everything) or required (people sign in)'),
  PUBLIC_URL: z
    .string()
    .refine(isWebOrigin)
    .optional()
    .describe('the address that people use, such as https://status.example.org, without path or final slash'),
  ALLOW_OPEN: flag().prefault('false').describe('true or false'),
  ALLOW_NULL_ORIGIN: flag().optional().describe('true or false'),
  CORS_ORIGIN: z
    .string()
    .transform((list) => list.split(',').map((origin) => origin.trim()))
    .refine((origins) => origins.every(isWebOrigin))
    .optional()
    .describe('a comma-separated list of origins such as https://status.example.org, without path or final slash'),
  TRUST_PROXY: z
    .union([
      z
        .string()
        .regex(/^\d{1,2}$/)
        .transform(Number),
      z
        .string()
        .transform((list) => list.split(',').map((network) => network.trim()))
        .refine(areNetworks),
    ])
    .prefault('0')
    .describe(
      'a comma-separated list of addresses and networks of proxies, such as loopback, 10.0.0.0/8, or the number of proxies in front of this server',
    ),
  RATE_LIMIT: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((count) => count <= 60_000)
    .optional()
    .describe('a whole number from 0 to 60000'),
  MAX_CONNECTIONS: z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .refine((count) => count > 0)
    .prefault('20000')
    .describe('a whole number from 1 to 999999'),
  ALLOW_CLOCK_AHEAD: flag().prefault('false').describe('true or false'),
  SAMPLE_DATA: flag().optional().describe('true or false'),
  SECURITY_CONTACT: z
    .string()
    .refine(isContact)
    .optional()
    .describe(
      'an address that begins with mailto:, https: or tel:, such as mailto:security@your-company.com, without spaces',
    ),
  LOG_FORMAT: z
    .enum(LOG_FORMATS)
    .optional()
    .describe(`one of ${LOG_FORMATS.join(', ')}`),
  EVENTS_IN_MEMORY: z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((count) => count > 0 && Number.isSafeInteger(count))
    .prefault('100000')
    .describe('a whole number greater than 0'),
});

type Variables = z.infer<typeof VARIABLES>;

const DATABASE = VARIABLES.pick({ DATABASE_URL: true, DATABASE_DIRECT_URL: true, ALLOW_UNSAFE_DATABASE: true });

/** The default limit. On an open server every client may do everything anyway. */
const RATE_LIMITS: Readonly<Record<Config['auth'], number>> = { open: 0, required: 600 };

/** Reads the configuration from environment variables; an empty one counts as not set. */
export function parseConfig(environment: Environment): ParsedConfig {
  const given = setOnes(environment);
  const parsed = VARIABLES.safeParse(given);
  const problems = [...invalidVariables(given, parsed.error), ...exposure(given), ...placeholder(given)];
  return parsed.success && problems.length === 0
    ? { ok: true, config: toConfig(parsed.data) }
    : { ok: false, problems };
}

/** Reads the database from environment variables, for programs that need no more of the configuration. */
export function parseDatabase(environment: Environment): ParsedDatabase {
  const given = setOnes(environment);
  const parsed = DATABASE.safeParse(given);
  if (!parsed.success) return { ok: false, problems: invalidVariables(given, parsed.error) };
  return { ok: true, database: journalOf(parsed.data).database };
}

/** The origin of a server with this host and port, for clients on the same machine. */
export function originOf({ host, port }: Pick<Config, 'host' | 'port'>): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** What the operator may want to look at: sentences for the log and for `/health`. Nothing is refused because of it. */
export function noticesOf({ environment, auth, publicUrl }: Config): readonly string[] {
  const isExposed = environment === 'production' && auth === 'required' && !publicUrl?.startsWith('https:');
  return isExposed ? [COOKIES_OVER_HTTP] : [];
}

const COOKIES_OVER_HTTP =
  'PUBLIC_URL is not an https address, so browsers send session cookies over plain HTTP too (they are not Secure). Put a ' +
  'proxy with TLS in front, and set PUBLIC_URL to the address that people use, such as https://status.your-company.com.';

function toConfig(variables: Variables): Config {
  const production = variables.NODE_ENV === 'production';
  const auth = variables.AUTH ?? (production ? 'required' : 'open');
  return {
    port: variables.PORT,
    host: variables.HOST,
    environment: variables.NODE_ENV,
    ...journalOf(variables),
    onFork: variables.ON_FORK,
    nodeName: variables.NODE_NAME ?? hostname(),
    dataDir: variables.DATA_DIR,
    auth,
    ...(variables.PUBLIC_URL === undefined ? {} : { publicUrl: variables.PUBLIC_URL }),
    allowOpen: variables.ALLOW_OPEN,
    allowNullOrigin: variables.ALLOW_NULL_ORIGIN ?? variables.NODE_ENV === 'development',
    corsOrigins: variables.CORS_ORIGIN ?? [],
    trustProxy: variables.TRUST_PROXY,
    rateLimit: variables.RATE_LIMIT ?? RATE_LIMITS[auth],
    maxConnections: variables.MAX_CONNECTIONS,
    allowClockAhead: variables.ALLOW_CLOCK_AHEAD,
    sampleData: variables.SAMPLE_DATA ?? !production,
    ...(variables.SECURITY_CONTACT === undefined ? {} : { securityContact: variables.SECURITY_CONTACT }),
    logFormat: variables.LOG_FORMAT ?? (production ? 'combined' : 'dev'),
    eventsInMemory: variables.EVENTS_IN_MEMORY,
  };
}

function journalOf(variables: z.infer<typeof DATABASE>): Pick<Config, 'journal' | 'database'> {
  const { DATABASE_URL: url, DATABASE_DIRECT_URL: directUrl, ALLOW_UNSAFE_DATABASE: allowUnsafe } = variables;
  if (url === 'memory:') return { journal: 'memory' };
  if (url === 'sqlite:') return { journal: 'sqlite' };
  return { journal: 'postgres', database: { url, ...(directUrl === undefined ? {} : { directUrl }), allowUnsafe } };
}

function setOnes(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

function invalidVariables(given: Environment, error: z.ZodError<Partial<Variables>> | undefined): string[] {
  const names = new Set(error?.issues.map(({ path }) => path[0] as keyof Variables));
  return [...names].map((name) => {
    const { description } = VARIABLES.shape[name];
    return `${name} is ${JSON.stringify(withoutCredentials(given[name] ?? ''))}. It must be ${description}.`;
  });
}

/** Refuses an open server that other machines can reach, unless `ALLOW_OPEN` asks for it. */
function exposure(given: Environment): string[] {
  const parsed = VARIABLES.pick({ HOST: true, NODE_ENV: true, AUTH: true, ALLOW_OPEN: true }).safeParse(given);
  if (!parsed.success || parsed.data.ALLOW_OPEN) return [];
  const { HOST, NODE_ENV, AUTH } = parsed.data;
  const isProduction = NODE_ENV === 'production';
  if (AUTH === 'required' || (AUTH === undefined && isProduction)) return [];
  const open = 'and with AUTH=open everyone who reaches the server may change everything';
  const remedy = 'unless AUTH=required is set, or ALLOW_OPEN=true where something else controls who can connect';
  return [
    ...(isLoopback(HOST)
      ? []
      : [
          `HOST is "${HOST}", which other machines can reach, ${open}. It must be 127.0.0.1, ::1 or localhost, ${remedy}.`,
        ]),
    ...(isProduction ? [`NODE_ENV is "production", ${open}. It must be development or test, ${remedy}.`] : []),
  ];
}

/** Refuses an example address in production, because links would start with it. */
function placeholder(given: Environment): string[] {
  const parsed = VARIABLES.pick({ NODE_ENV: true, PUBLIC_URL: true }).safeParse(given);
  const { NODE_ENV, PUBLIC_URL } = parsed.data ?? {};
  if (NODE_ENV !== 'production' || PUBLIC_URL === undefined || !EXAMPLE_HOST.test(new URL(PUBLIC_URL).hostname))
    return [];
  return [
    `PUBLIC_URL is "${PUBLIC_URL}", which is an example address. It must be ${VARIABLES.shape.PUBLIC_URL.description}.`,
  ];
}

/** Host names that are reserved for examples (RFC 2606). */
const EXAMPLE_HOST = /(^|\.)example(\.(com|net|org))?$/;

function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family === 0 ? host.toLowerCase() === 'localhost' : LOOPBACK.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

/** A password with a slash that is not percent-encoded would end the host too early: part of it would be taken for a host. */
function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url) && URL.canParse(url) && /^\/[^/@]+$/.test(new URL(url).pathname);
}

function isWebOrigin(origin: string): boolean {
  return /^https?:/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin;
}

/** Whether RFC 9116 allows this address for a contact: a person has to reach somebody there. */
function isContact(address: string): boolean {
  return /^(mailto:[^@?]+@[^@?]+(\?.*)?|https:\/\/.+|tel:\+?[\d().-]+)$/i.test(address) && isAddress(address);
}

function isAddress(text: string): boolean {
  return /^[!-~]+$/.test(text) && URL.canParse(text);
}

function areNetworks(networks: readonly string[]): boolean {
  try {
    proxyAddr.compile(networks);
    // A bare number would pass for an IPv4 address.
    return !networks.some((network) => /^\d+$/.test(network));
  } catch {
    return false;
  }
}

/** Hides the credentials in the URL of a database: they must not be printed. */
function withoutCredentials(value: string): string {
  return value.replace(/(:\/*).*@/s, '$1…@').replace(/([?&]password=)[^&]*/gi, '$1…');
}

function flag() {
  return z.enum(['true', 'false']).transform((value) => value === 'true');
}
