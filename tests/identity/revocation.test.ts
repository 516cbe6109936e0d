// Streams end when the session or key of their request is revoked or expires.
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openPolicy, type Policy } from '../../src/identity/policy.ts';
import {
  type AccountsApp,
  addKey,
  addPerson,
  happen,
  type Machine,
  type Someone,
  startOwned,
} from '../support/accounts.ts';
import { EventSource } from '../support/event-source.ts';
import { type Served, serve } from '../support/serve.ts';

const DAY = 24 * 60 * 60 * 1000;

describe('the stream of events', () => {
  let app: AccountsApp & { owner: Someone };
  let clock: Date;
  let sources: EventSource[];

  beforeEach(async () => {
    clock = new Date('2026-03-01T09:00:00.000Z');
    app = await startOwned({}, { now: () => clock, expiryCheck: 20 });
    sources = [];
  });
  afterEach(async () => {
    for (const source of sources) source.leave();
    await app.close();
  });

  async function follow(headers: Record<string, string> = {}): Promise<EventSource> {
    const source = await EventSource.open(`${app.url}/api/events/stream`, headers);
    sources.push(source);
    return source;
  }

  const revoke = ({ id: keyId }: Machine) =>
    happen(app, 'default', [{ type: 'organization.key-revoked', organizationId: 'default', data: { keyId } }]);

  test('ends for a revoked key, and continues for others', async () => {
    const [key, other] = [await addKey(app, 'viewer'), await addKey(app, 'viewer')];
    const [revoked, kept, strangers] = [await follow(key.headers), await follow(other.headers), await follow()];
    await revoke(key);
    expect(await revoked.ended).toBe('complete');
    await happen(app, 'default', [
      { type: 'organization.renamed', organizationId: 'default', data: { name: 'Canary' } },
    ]);
    await kept.until(({ events }) => events.some(({ event }) => event === 'organization.renamed'));
    expect(revoked.events.filter(({ event }) => event === 'organization.renamed')).toEqual([]);
    expect(strangers.response.closed).toBe(false);
  });

  test('ends for the session that signs out, and for no other session of the same person', async () => {
    const [here, person] = [await addPerson(app, 'viewer'), app.owner];
    const session = await app.request('/api/sessions', { json: { email: here.email, password: here.password } });
    const there = { Cookie: String(session.headers.get('Set-Cookie')).split(';')[0] ?? '' };
    const [first, second, another] = [await follow(here.headers), await follow(there), await follow(person.headers)];
    const list = (await (await app.request('/api/sessions', { headers: here.headers })).json()) as {
      id: string;
      current: boolean;
    }[];
    const current = list.find((one) => one.current)?.id;
    await app.request(`/api/sessions/${current}`, { method: 'DELETE', headers: here.headers });
    expect(await first.ended).toBe('complete');
    expect([second.response.closed, another.response.closed]).toEqual([false, false]);
  });

  test('ends when the key or the session expires', async () => {
    const key = await addKey(app, 'viewer', { expiresAt: '2026-03-02T09:00:00.000Z' });
    const [byKey, bySession] = [await follow(key.headers), await follow(app.owner.headers)];
    clock = new Date(clock.getTime() + DAY);
    expect(await byKey.ended).toBe('complete');
    expect(bySession.response.closed).toBe(false);
    clock = new Date(clock.getTime() + 7 * DAY);
    expect(await bySession.ended).toBe('complete');
  });
});

describe('a finite stream', () => {
  let served: Served;
  afterEach(() => served.close());

  test('breaks the connection, so that a part does not look like the whole', async () => {
    let revoke = () => {};
    let released = 0;
    const chunks = async function* (signal: AbortSignal) {
      yield 'first\n\n';
      await once(signal, 'abort');
    };
    const policy: Policy = {
      ...openPolicy,
      viewerOf: async () => ({ actor: { kind: 'key', id: '1' }, organizations: [], access: () => 'none' }),
      whenEnded: (_viewer, end) => {
        revoke = end;
        return () => {
          released += 1;
        };
      },
    };
    const row = {
      method: 'get',
      path: '/stream',
      operationId: 'stream',
      tag: 'test',
      summary: 'A stream',
      access: 'anyone',
      success: { status: 200, description: 'It', mediaType: 'text/plain' },
      problems: [],
      handle: () => ({ status: 200, stream: { chunks } }) as const,
    } as const;
    served = await serve([row], { policy });
    const source = await EventSource.open(`${served.url}/stream`);
    await source.until(({ blocks }) => blocks.length === 1);
    revoke();
    expect(await source.ended).toBe('broken');
    expect([released, served.reported]).toEqual([1, []]);
  });
});
