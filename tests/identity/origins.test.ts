// Which pages may use the session cookie, and which may open a socket of an open server.
import { describe, expect, test } from '@jest/globals';
import { createOriginPolicy } from '../../src/identity/origins.ts';

const TRUSTED = 'https://admin.example.org';

describe.each([
  [true, false],
  [false, true],
])('in production: %j', (production, loopback) => {
  const { allowsCookies, allowsSocket } = createOriginPolicy({
    auth: 'open',
    allowOpen: true,
    production,
    allowNullOrigin: false,
    corsOrigins: [TRUSTED],
  });

  test.each([
    [TRUSTED, 'status.example.org', true],
    ['https://status.example.org', 'status.example.org', true],
    ['http://status.example.org:5000', 'status.example.org:5000', true],
    ['https://status.example.org:5000', 'status.example.org', false],
    ['https://evil.example', 'status.example.org', false],
    ['http://localhost:3000', 'status.example.org', loopback],
    ['null', 'status.example.org', false],
    ['null', undefined, false],
    ['nonsense', undefined, false],
    ['file://', '', false],
  ])('%s of a server at %s: %j', (origin, host, allowed) => {
    expect(allowsCookies(origin, { host })).toBe(allowed);
  });

  test('pages of this machine may open sockets of an open server, those of strangers may not', () => {
    const origins = ['http://localhost:3000', 'http://127.0.0.1:5000', 'https://evil.example', 'null'];
    const allowed = origins.map((origin) => allowsSocket(origin, { host: 'status.example.org' }));
    expect(allowed).toEqual([true, true, false, false]);
  });
});

describe('a page of the same host that was loaded over http', () => {
  const terms = {
    auth: 'required',
    allowOpen: false,
    production: true,
    allowNullOrigin: false,
    corsOrigins: [],
  } as const;

  test.each([
    ['https://status.example.org', 'status.example.org', true],
    ['http://status.example.org', 'status.example.org', false],
    ['https://status.example.org:8443', 'status.example.org:8443', true],
    ['http://status.example.org:5000', 'status.example.org', false],
    ['http://10.0.0.5:5000', '10.0.0.5:5000', true],
  ])('is no page of a server whose address is https: %s at %s: %j', (origin, host, allowed) => {
    const { allowsCookies } = createOriginPolicy({ ...terms, publicUrl: 'https://status.example.org' });
    expect(allowsCookies(origin, { host })).toBe(allowed);
  });

  test.each([
    ['same-origin', true],
    ['cross-site', false],
    ['same-site', false],
    ['none', false],
  ])('is no page of the server where the browser says %s', (site, allowed) => {
    const { allowsCookies } = createOriginPolicy(terms);
    expect(allowsCookies('http://10.0.0.5:5000', { host: '10.0.0.5:5000', 'sec-fetch-site': site })).toBe(allowed);
  });
});

test('a trusted origin is trusted whatever the browser says of the site', () => {
  const policy = createOriginPolicy({
    auth: 'required',
    allowOpen: false,
    production: true,
    allowNullOrigin: false,
    corsOrigins: [TRUSTED],
  });
  expect(policy.allowsCookies(TRUSTED, { host: 'status.example.org', 'sec-fetch-site': 'cross-site' })).toBe(true);
});
