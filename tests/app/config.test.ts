// The configuration: the valid and invalid values of each variable, and that .env.example agrees.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import dotenv from 'dotenv';
import { type Config, parseConfig, VARIABLES } from '../../src/app/config.ts';

type Settings = Record<string, string>;

const DEFAULTS: Config = {
  port: 5000,
  host: '127.0.0.1',
  environment: 'development',
  journal: 'sqlite',
  onFork: 'refuse',
  nodeName: hostname(),
  dataDir: './data',
  auth: 'open',
  allowOpen: false,
  allowNullOrigin: true,
  allowClockAhead: false,
  corsOrigins: [],
  trustProxy: 0,
  rateLimit: 0,
  maxConnections: 20_000,
  sampleData: true,
  logFormat: 'dev',
  eventsInMemory: 100_000,
};

function configOf(settings: Settings): Config {
  const parsed = parseConfig(settings);
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed.config;
}

function problemsOf(settings: Settings): string[] {
  const parsed = parseConfig(settings);
  return parsed.ok ? [] : parsed.problems;
}

/** The variable of each problem. */
function blamed(settings: Settings): string[] {
  return problemsOf(settings).map((problem) => problem.slice(0, problem.indexOf(' ')));
}

describe('valid variables', () => {
  test.each<[settings: Settings, differs: Partial<Config>]>([
    [{}, {}],
    [Object.fromEntries(Object.keys(VARIABLES.shape).map((name) => [name, ''])), {}],
    [{ PATH: '/usr/bin' }, {}],
    [{ PORT: '0' }, { port: 0 }],
    [{ PORT: '65535' }, { port: 65_535 }],
    [{ HOST: '127.8.0.1' }, { host: '127.8.0.1' }],
    [{ HOST: '::1' }, { host: '::1' }],
    [{ HOST: 'localhost' }, { host: 'localhost' }],
    [
      { HOST: '0.0.0.0', ALLOW_OPEN: 'true' },
      { host: '0.0.0.0', allowOpen: true },
    ],
    [{ NODE_ENV: 'test' }, { environment: 'test', allowNullOrigin: false }],
    [{ ALLOW_NULL_ORIGIN: 'false' }, { allowNullOrigin: false }],
    [
      { NODE_ENV: 'test', ALLOW_NULL_ORIGIN: 'true' },
      { environment: 'test', allowNullOrigin: true },
    ],
    [
      { NODE_ENV: 'production' },
      {
        environment: 'production',
        auth: 'required',
        allowNullOrigin: false,
        rateLimit: 600,
        sampleData: false,
        logFormat: 'combined',
      },
    ],
    [
      { NODE_ENV: 'production', AUTH: 'open', ALLOW_OPEN: 'true', SAMPLE_DATA: 'true', LOG_FORMAT: 'tiny' },
      { environment: 'production', allowOpen: true, allowNullOrigin: false, sampleData: true, logFormat: 'tiny' },
    ],
    [
      { HOST: '0.0.0.0', AUTH: 'required' },
      { host: '0.0.0.0', auth: 'required', rateLimit: 600 },
    ],
    [{ AUTH: 'required' }, { auth: 'required', rateLimit: 600 }],
    [{ PUBLIC_URL: 'https://status.acme.com' }, { publicUrl: 'https://status.acme.com' }],
    [{ PUBLIC_URL: 'http://status.example.org:8080' }, { publicUrl: 'http://status.example.org:8080' }],
    [{ DATABASE_URL: 'sqlite:' }, { journal: 'sqlite' }],
    [{ DATABASE_URL: 'memory:' }, { journal: 'memory' }],
    [
      { DATABASE_URL: 'postgres://plive:secret@db:5432/plive' },
      { journal: 'postgres', database: { url: 'postgres://plive:secret@db:5432/plive', allowUnsafe: false } },
    ],
    [
      {
        DATABASE_URL: 'postgresql:///plive?host=/run/postgresql',
        DATABASE_DIRECT_URL: 'postgres://db/plive?sslmode=require',
        ALLOW_UNSAFE_DATABASE: 'true',
      },
      {
        journal: 'postgres',
        database: {
          url: 'postgresql:///plive?host=/run/postgresql',
          directUrl: 'postgres://db/plive?sslmode=require',
          allowUnsafe: true,
        },
      },
    ],
    [{ NODE_NAME: 'status-1.example.org' }, { nodeName: 'status-1.example.org' }],
    [{ DATA_DIR: '/var/lib/plive' }, { dataDir: '/var/lib/plive' }],
    [{ AUTH: 'open' }, {}],
    [
      { CORS_ORIGIN: 'https://status.example.org, http://localhost:3000' },
      { corsOrigins: ['https://status.example.org', 'http://localhost:3000'] },
    ],
    [{ TRUST_PROXY: '2' }, { trustProxy: 2 }],
    [{ TRUST_PROXY: 'loopback, 10.0.0.0/8,2001:db8::1' }, { trustProxy: ['loopback', '10.0.0.0/8', '2001:db8::1'] }],
    [{ RATE_LIMIT: '600' }, { rateLimit: 600 }],
    [{ RATE_LIMIT: '0' }, {}],
    [{ MAX_CONNECTIONS: '1' }, { maxConnections: 1 }],
    [{ SAMPLE_DATA: 'false' }, { sampleData: false }],
    ...['mailto:security@example.org', 'https://example.org/report?of=status', 'tel:+49-30-1234'].map(
      (contact): [Settings, Partial<Config>] => [{ SECURITY_CONTACT: contact }, { securityContact: contact }],
    ),
    [{ LOG_FORMAT: 'none' }, { logFormat: 'none' }],
    [{ EVENTS_IN_MEMORY: '1' }, { eventsInMemory: 1 }],
    [{ ALLOW_CLOCK_AHEAD: 'true' }, { allowClockAhead: true }],
  ])('%j', (settings, differs) => {
    expect(configOf(settings)).toEqual({ ...DEFAULTS, ...differs });
  });
});

describe('invalid variables are refused', () => {
  test.each<[variable: string, values: string[]]>([
    ['PORT', ['http', '-1', '65536', '80.5', '5e3', ' 80', '0x50']],
    ['HOST', ['[::1]', 'http://localhost', 'a b']],
    ['HOST', ['0.0.0.0', '::', '192.168.1.7', 'status.example.org', '128.0.0.1', '127.0.0.1.example.org']],
    ['NODE_ENV', ['prod', 'Production']],
    [
      'DATABASE_URL',
      ['sqlite:./other.db', 'mysql:', 'postgres:', 'postgres://db', 'postgres://db/', 'postgres://db/a/b'],
    ],
    ['DATABASE_DIRECT_URL', ['sqlite:', 'memory:', 'db.example.org']],
    ['ALLOW_UNSAFE_DATABASE', ['yes']],
    ['NODE_NAME', ['node 1', 'a/b', 'n'.repeat(64)]],
    ['AUTH', ['none', 'true']],
    ['PUBLIC_URL', ['status.acme.com', 'https://status.acme.com/', 'https://status.acme.com/a', 'ftp://acme.com', '*']],
    ['ALLOW_OPEN', ['yes', '1', 'TRUE']],
    ['CORS_ORIGIN', ['*', 'null', 'example.org', 'https://example.org/', 'https://example.org/a', 'ftp://example.org']],
    ['CORS_ORIGIN', ['https://a.example,', 'https://a.example https://b.example', 'https://user@example.org']],
    ['TRUST_PROXY', ['true', '-1', '100', 'proxy.example.org', '10.0.0.0/33', '10.0.0.1,', '10.0.0.1 10.0.0.2']],
    ['RATE_LIMIT', ['-1', 'none', '1.5', '60001']],
    ['MAX_CONNECTIONS', ['0', '-1', 'many', '1000000']],
    ['SAMPLE_DATA', ['no']],
    ['SECURITY_CONTACT', ['security@example.org', 'http://example.org', 'mailto:', 'https://', 'tel:', 'javascript:1']],
    [
      'SECURITY_CONTACT',
      ['mailto:a@example.org\nExpires: 2099-01-01T00:00:00Z', 'mailto:a b@example.org', 'mailto:a@ü.example'],
    ],
    ['LOG_FORMAT', ['json']],
    ['EVENTS_IN_MEMORY', ['0', '-5', 'many', '1e5', '99999999999999999999']],
  ])('%s: %j', (variable, values) => {
    for (const value of values) expect([value, blamed({ [variable]: value })]).toEqual([value, [variable]]);
  });

  test('all at once, one line each', () => {
    const settings = { PORT: 'x', DATABASE_URL: 'mysql:', CORS_ORIGIN: '*', HOST: '0.0.0.0', NODE_ENV: 'production' };
    const open = { ...settings, AUTH: 'open' };
    expect(blamed(open)).toEqual(['PORT', 'DATABASE_URL', 'CORS_ORIGIN', 'HOST', 'NODE_ENV']);
    expect(problemsOf({ PORT: 'x\ny', CORS_ORIGIN: '*' }).join('').split('\n')).toHaveLength(1);
  });

  test('with the value and what is allowed', () => {
    expect(problemsOf({ PORT: 'http', DATABASE_URL: 'mysql://localhost/plive' })).toEqual([
      'PORT is "http". It must be a whole number from 0 to 65535.',
      'DATABASE_URL is "mysql://localhost/plive". It must be sqlite: (a file in DATA_DIR), memory: (nothing is kept) or postgres://USER:PASSWORD@HOST/DATABASE.',
    ]);
  });

  test.each([
    ['postgres://plive:p@ss/word@db/plive', /p@ss|word/],
    ['mysql://plive:secret@db/plive', /secret/],
    ['postgres:plive:sec\nret@db/plive', /sec|ret/],
    ['postgres://db?user=plive&password=secret', /secret/],
  ])('without printing the password in %j', (url, password) => {
    for (const name of ['DATABASE_URL', 'DATABASE_DIRECT_URL']) {
      const problems = problemsOf({ [name]: url });
      expect([name, problems]).toEqual([name, [expect.stringContaining('postgres://USER:PASSWORD@HOST/DATABASE')]]);
      expect(problems.join().replaceAll('PASSWORD', '')).not.toMatch(password);
    }
  });

  test('an open server that other machines can reach, with the reason and the remedy', () => {
    expect(problemsOf({ HOST: '0.0.0.0', NODE_ENV: 'production', AUTH: 'open' })).toEqual([
      expect.stringMatching(/^HOST .* other machines can reach, .* everyone .* AUTH=required.* ALLOW_OPEN=true/),
      expect.stringMatching(/^NODE_ENV .* everyone .* ALLOW_OPEN=true/),
    ]);
  });

  test('in production: an address that was copied from an example', () => {
    const settings = { NODE_ENV: 'production', AUTH: 'required' };
    for (const host of [
      'example.com',
      'status.example.org',
      'plive.example.net',
      'status.example',
      'a.b.example.com',
    ]) {
      expect(blamed({ ...settings, PUBLIC_URL: `https://${host}` })).toEqual(['PUBLIC_URL']);
    }
    for (const host of ['example.acme.com', 'myexample.com', 'example.com.acme.dev']) {
      expect(blamed({ ...settings, PUBLIC_URL: `https://${host}` })).toEqual([]);
    }
  });
});

describe('.env.example', () => {
  const text = readFileSync('.env.example', 'utf8');
  const example = dotenv.parse(text);

  test('lists every variable and no other, each explained by one line above it', () => {
    expect(Object.keys(example)).toEqual(Object.keys(VARIABLES.shape));
    const explained = [...text.matchAll(/^\n# [^\n]+\n(\w+)=/gm)].map(([, name]) => name);
    expect(explained).toEqual(Object.keys(example));
  });

  test('changes nothing when it is copied to .env', () => {
    expect(configOf(example)).toEqual(configOf({}));
    const production = { NODE_ENV: 'production' };
    expect(configOf({ ...example, ...production })).toEqual(configOf(production));
  });

  test('shows every default that does not depend on another variable', () => {
    const empty = Object.keys(example).filter((name) => example[name] === '');
    expect(empty).toEqual([
      ...['DATABASE_DIRECT_URL', 'NODE_NAME', 'AUTH', 'PUBLIC_URL', 'ALLOW_NULL_ORIGIN', 'CORS_ORIGIN'],
      ...['RATE_LIMIT', 'SAMPLE_DATA'],
      ...['SECURITY_CONTACT', 'LOG_FORMAT'],
    ]);
  });
});
