// Which pages may use the session cookie: the server's own and trusted ones only.
import { describe, expect, test } from '@jest/globals';
import { createOriginPolicy } from '../../src/identity/origins.ts';

const TRUSTED = 'https://admin.example.org';

describe.each([
  [true, false],
  [false, true],
])('in production: %j', (production, loopback) => {
  const { allowsCookies } = createOriginPolicy({ auth: 'open', allowOpen: true, production, corsOrigins: [TRUSTED] });

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
    expect(allowsCookies(origin, host)).toBe(allowed);
  });
});
