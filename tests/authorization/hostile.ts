// Hostile values: whatever a schema may not have thought of, at random from a seed.
import { between, oneOf, type Random } from '../crash/random.ts';

/** JSON texts, because some of them are no values that JSON.stringify would write. */
const TEXTS: readonly string[] = [
  'null',
  'true',
  '0',
  '-1',
  '1e308',
  '1e999',
  '9007199254740993',
  '-0',
  '0.1',
  '""',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\u202e"',
  '"__proto__"',
  '"constructor"',
  '"../../etc/passwd"',
  '"%00"',
  '"\'; drop table events; --"',
  '"default"',
  '"9999-12-31T23:59:59.999Z"',
  '"0000-01-01T00:00:00+23:59"',
  '[]',
  '{}',
  '[[]]',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":1,"valueOf":2,"toJSON":3,"then":4,"length":-1}',
  `"${'x'.repeat(9_000)}"`,
  `${'['.repeat(31)}${']'.repeat(31)}`,
  `${'{"a":'.repeat(31)}1${'}'.repeat(31)}`,
  `[${Array(2_000).fill('"x"').join()}]`,
];

/** What only the server may say of an event or an entity. */
const ENVELOPE: readonly string[] = [
  'id',
  'type',
  'schema',
  'stream',
  'version',
  'position',
  'recordedAt',
  'occurredAt',
  'organizationId',
  'tenantId',
  'userId',
  'role',
  'actor',
  'meta',
  'hash',
  'home',
  'key',
  'viewer',
];

/** Some hostile value as JSON text; `names` are strings that mean something to somebody, as ids of others do. */
export function hostileText(random: Random, names: readonly string[]): string {
  return random() < 0.3 ? JSON.stringify(oneOf(random, names)) : oneOf(random, TEXTS);
}

/** An object with these members, some spoilt, and some that are nobody's to send. */
export function hostileObject(random: Random, valid: object, names: readonly string[]): string {
  const members = new Map(Object.entries(valid).map(([name, value]) => [name, JSON.stringify(value)]));
  const known = [...members.keys(), ...ENVELOPE, '__proto__', 'constructor', 'prototype'];
  for (let spoilt = between(random, 1, 4); spoilt > 0; spoilt -= 1) {
    members.set(oneOf(random, known), hostileText(random, names));
  }
  if (random() < 0.2) members.delete(oneOf(random, [...members.keys()]));
  return `{${[...members].map(([name, text]) => `${JSON.stringify(name)}:${text}`).join()}}`;
}
