// What is concluded from an error of PostgreSQL: whether it passes, whether the server is away, and no word of the server.
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { PostgresError } from '../../src/postgres/journal-error.ts';

function failed(state: string): PostgresError {
  const error = new pg.DatabaseError('Failing row contains (a secret).', 0, 'error');
  error.code = state;
  error.detail = 'Key (text)=(a secret) already exists.';
  return new PostgresError(error);
}

const ofNetwork = (message: string, code?: string) => new PostgresError(Object.assign(new Error(message), { code }));

test.each([
  ['53100', 'full'],
  ['57P01', 'away'],
  ['57P03', 'away'],
  ['08006', 'away'],
  ['25006', 'away'],
  ['25P03', 'away'],
  ['40001', 'away'],
  ['53300', 'away'],
  ['55P03', 'away'],
  ['57014', 'away'],
  ['28P01', 'failed'],
  ['28000', 'failed'],
  ['3D000', 'failed'],
  ['42501', 'failed'],
  ['42P01', 'failed'],
  ['XX001', 'failed'],
])('%s is %s', (state, code) => {
  expect(failed(state).code).toBe(code);
});

test('no text of the server is repeated, nor an address', () => {
  const all = [failed('23505'), failed('22P02'), ofNetwork('getaddrinfo ENOTFOUND a-secret.example', 'ENOTFOUND')];
  expect(all.map((error) => `${error.stack} ${error.cause} ${JSON.stringify(error)}`).join()).not.toContain('secret');
});

test('only what says that the server cannot be used makes it away for all', () => {
  const states = ['25006', '53300', '57P02', '57P03', '08006', '57P01', '40001', '57014', '55P03', '23505'];
  expect(states.filter((state) => failed(state).isAway)).toEqual(['25006', '53300', '57P02', '57P03', '08006']);
  expect(ofNetwork('Query read timeout').isAway).toBe(true);
  expect(ofNetwork('Connection terminated unexpectedly').isAway).toBe(false);
});

test('a transaction is repeated if others have ended it, or if its connection broke', () => {
  const states = ['40001', '40P01', '57P01', '23505', '57014', '25006', '53100'];
  expect(states.filter((state) => failed(state).isRepeatable)).toEqual(['40001', '40P01', '57P01', '23505']);
  expect(ofNetwork('Connection terminated unexpectedly').isRepeatable).toBe(true);
  expect(ofNetwork('Query read timeout').isRepeatable).toBe(false);
});
