// Who pays for catching up: what is free, and whose budget the rest comes from.
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { Payers } from '../../src/http/payers.ts';
import { CatchUpBudget } from '../../src/realtime/catch-up-budget.ts';
import type { Client } from '../../src/realtime/client.ts';

const stranger: Viewer = { actor: { kind: 'anonymous' }, organizations: [], access: () => 'public' };
const member: Viewer = { actor: { kind: 'user', id: 'anna' }, organizations: ['a'], access: () => 'viewer' };

let time: number;
let budget: CatchUpBudget;
beforeEach(() => {
  time = 0;
  const terms = {
    address: { milliseconds: 1_000, bytes: 1_000 },
    times: { network: 10, credential: 4, organization: 16 },
    window: 60,
    counted: 100,
    now: () => new Date(time),
  };
  budget = new CatchUpBudget(new Payers(({ url }) => url ?? '', terms), 3);
});

/** A client at this address. */
const clientAt = (url: string, viewer = stranger) => ({ request: { url }, data: { viewer } }) as Client;

/** Whether the client may be sent these bytes, and is charged them. */
function sends(client: Client, room: string, bytes: number): boolean {
  const charge = budget.admit(client, room);
  charge?.(bytes);
  return charge !== undefined;
}

describe('a client', () => {
  test('catches up once in each room for nothing, and pays for all later times', () => {
    const client = clientAt('192.0.2.1');
    expect(sends(client, 'org:a', 5_000)).toBe(true);
    expect(sends(client, 'org:b', 5_000)).toBe(true);
    expect(sends(client, 'org:a', 600)).toBe(true);
    expect(sends(client, 'org:b', 900)).toBe(true);
    expect(sends(client, 'org:a', 1)).toBe(false);
    time = 30_001;
    expect(sends(client, 'org:a', 1)).toBe(true);
  });

  test('pays in rooms beyond those that are free from the first time on, whatever they are called', () => {
    const client = clientAt('192.0.2.1');
    for (const room of ['tenant:a', 'tenant:b', 'tenant:c']) expect(sends(client, room, 5_000)).toBe(true);
    expect(sends(client, 'tenant:d', 5_000)).toBe(true);
    expect(sends(client, 'tenant:e', 5_000)).toBe(false);
  });

  test('of a member has the budget of its account, wherever it connects', () => {
    const clients = ['192.0.2.1', '192.0.2.2'].map((address) => clientAt(address, member));
    for (const client of clients) sends(client, 'org:a', 1);
    expect(clients.map((client) => sends(client, 'org:a', 4_001))).toEqual([true, false]);
  });
});

test('clients at one address or in one IPv6 network share it, and others have their own', () => {
  const isSent = (url: string) => {
    const client = clientAt(url);
    sends(client, 'org:a', 1);
    return sends(client, 'org:a', 1_001);
  };
  expect(['192.0.2.1', '192.0.2.1', '192.0.2.2'].map(isSent)).toEqual([true, false, true]);
  expect(['2001:db8::1', '2001:db8::2', '2001:db8:0:1::1'].map(isSent)).toEqual([true, false, true]);
});
