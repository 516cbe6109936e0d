// What every identity store promises, whatever it is made of.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { IdentityStore, Link, PendingWorkflow, Session, User } from '../../src/identity/identity-store.ts';
import type { IdentityStorage, MakeIdentityStorage } from '../support/identity-stores.ts';
import { id } from '../support/scenario.ts';

const [ANN, BEN, CAI] = [id(11), id(12), id(13)] as const;

const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 9, minute)).toISOString();

const user = (userId: string, email: string): User => ({
  id: userId,
  email,
  name: 'Somebody',
  password: 'hash',
  createdAt: at(0),
});

const session = (number: number, userId: string, minute = 1): Session => ({
  id: id(100 + number),
  userId,
  createdAt: at(minute),
  lastUsedAt: at(minute),
  agent: 'a browser',
});

const link = (digest: string, given: Partial<Link> = {}): Link => ({
  digest,
  purpose: 'invitation',
  subjectId: digest,
  organizationId: 'acme',
  expiresAt: at(59),
  ...given,
});

const spending = (digest: string, purpose: Link['purpose'] = 'invitation', minute = 1) => ({
  link: { digest, purpose },
  now: at(minute),
});

const workflow = (number: number, given: Partial<PendingWorkflow> = {}): PendingWorkflow => ({
  id: id(200 + number),
  kind: 'join',
  step: 'accept',
  data: '{"userId":"nobody"}',
  at: at(0),
  ...given,
});

/** Everybody, everything: what the tests of the contract may leave behind. */
const PEOPLE = [ANN, BEN, CAI, ...Array.from({ length: 6 }, (_, index) => id(41 + index))];
const KEYS = [id(31), id(32)];
const WORKFLOWS = [1, 2, 3, 4].map((number) => workflow(number).id);

async function empty(store: IdentityStore): Promise<void> {
  for (const each of WORKFLOWS) await store.removePending(each);
  for (const each of PEOPLE) await store.eraseUser(each);
  await store.removeKeys(KEYS);
  await store.sweep({ created: '9', used: '9', now: '9' });
}

export function identityContract(name: string, make: MakeIdentityStorage): void {
  let storage: IdentityStorage;
  let store: IdentityStore;
  let other: IdentityStore;

  describe(`${name} keeps the contract`, () => {
    beforeAll(async () => {
      storage = await make();
      store = await storage.store();
      other = await storage.store();
    });
    afterAll(() => storage.dispose());
    beforeEach(async () => {
      await store.addUser(user(ANN, 'ann@plive.test'));
      await store.addUser(user(BEN, 'ben@plive.test'));
    });
    afterEach(() => empty(store));

    describePeople();
    describeSessionsAndKeys();
    describeLinksAndWorkflows();
    describeTwoStores();
  });

  function describePeople(): void {
    test('people are found by id and by address, and listed in the order of their ids', async () => {
      expect(await store.findUser({ id: ANN })).toEqual(user(ANN, 'ann@plive.test'));
      expect(await store.findUser({ email: 'ben@plive.test' })).toEqual(user(BEN, 'ben@plive.test'));
      expect([await store.findUser({ id: CAI }), await store.findUser({ email: 'x' })]).toEqual([undefined, undefined]);
      expect(await store.listPeople([BEN, CAI, ANN])).toEqual([
        { id: ANN, name: 'Somebody', email: 'ann@plive.test' },
        { id: BEN, name: 'Somebody', email: 'ben@plive.test' },
      ]);
      expect(await store.listPeople([])).toEqual([]);
    });

    test('people get another name and address, unless somebody has that address', async () => {
      expect(await store.renameUser(ANN, 'Ann', 'ben@plive.test')).toBe('email-taken');
      expect(await store.renameUser(ANN, 'Ann', 'ann@plive.test')).toBe('done');
      expect(await store.renameUser(ANN, 'Anne', 'anne@plive.test')).toBe('done');
      expect(await store.findUser({ id: ANN })).toMatchObject({ name: 'Anne', email: 'anne@plive.test' });
    });

    test('people get a new hash of their password only if it is still the same password', async () => {
      await store.rehash({ id: ANN, password: 'hash' }, 'new hash');
      await store.rehash({ id: ANN, password: 'hash' }, 'late hash');
      expect((await store.findUser({ id: ANN }))?.password).toBe('new hash');
    });

    test('people who set a password are signed out everywhere else, and their links for that are gone', async () => {
      for (const number of [1, 2, 3]) await store.addSession(session(number, ANN), `digest ${number}`);
      await store.addSession(session(4, BEN), 'digest 4');
      await store.addLink(link('reset', { purpose: 'reset', subjectId: ANN }), false);
      const ended = await store.setPassword(ANN, 'other', { keep: session(2, ANN).id });
      expect([...(ended ?? [])].sort()).toEqual([session(1, ANN).id, session(3, ANN).id]);
      expect((await store.listSessions(ANN)).map((kept) => kept.id)).toEqual([session(2, ANN).id]);
      expect(await store.listSessions(BEN)).toHaveLength(1);
      expect(await store.findLink(spending('reset', 'reset'))).toBeUndefined();
      expect(await store.setPassword(ANN, 'stolen', { spending: spending('reset', 'reset') })).toBeUndefined();
      expect((await store.findUser({ id: ANN }))?.password).toBe('other');
    });

    test('people who are erased leave nothing', async () => {
      await store.addSession(session(1, ANN), 'digest 1');
      await store.addPlace({ userId: ANN, digest: 'a', lastUsedAt: at(1) }, 20);
      await store.addLink(link('reset', { purpose: 'reset', subjectId: ANN }), false);
      expect(await store.eraseUser(ANN)).toEqual([session(1, ANN).id]);
      expect(await store.eraseUser(ANN)).toEqual([]);
      expect([await store.findUser({ id: ANN }), await store.findSession('digest 1')]).toEqual([undefined, undefined]);
      expect(await store.findLink(spending('reset', 'reset'))).toBeUndefined();
      await store.addPlace({ userId: ANN, digest: 'b', lastUsedAt: at(2) }, 20);
      await store.addUser(user(ANN, 'ann@plive.test'));
      expect([await store.listPlaces(ANN), await store.listSessions(ANN)]).toEqual([[], []]);
    });
  }

  function describeSessionsAndKeys(): void {
    test('sessions are found by digest, and listed by use', async () => {
      expect(await store.addSession(session(1, ANN, 1), 'digest 1')).toBe(true);
      await store.addSession(session(2, ANN, 2), 'digest 2');
      expect(await store.findSession('digest 1')).toEqual(session(1, ANN, 1));
      expect(await store.findSession('digest 9')).toBeUndefined();
      await store.used({ sessions: [[session(1, ANN).id, at(5)]], keys: [] });
      expect(await store.listSessions(ANN)).toEqual([{ ...session(1, ANN, 1), lastUsedAt: at(5) }, session(2, ANN, 2)]);
    });

    test('no session starts for who is not there, or is being erased', async () => {
      expect(await store.addSession(session(1, CAI), 'digest 1')).toBe(false);
      await store.putPending(workflow(1, { kind: 'erase', step: 'leave', data: JSON.stringify({ userId: ANN }) }));
      expect(await store.addSession(session(2, ANN), 'digest 2')).toBe(false);
      expect(await store.addSession(session(3, BEN), 'digest 3')).toBe(true);
      await store.removePending(workflow(1).id);
      expect(await store.addSession(session(2, ANN), 'digest 2')).toBe(true);
    });

    test('sessions end one by one, or all of a person', async () => {
      for (const number of [1, 2, 3]) await store.addSession(session(number, ANN), `digest ${number}`);
      await store.addSession(session(4, BEN), 'digest 4');
      expect(await store.endSessions(BEN, session(1, ANN).id)).toEqual([]);
      expect(await store.endSessions(ANN, session(1, ANN).id)).toEqual([session(1, ANN).id]);
      expect([...(await store.endSessions(ANN))].sort()).toEqual([session(2, ANN).id, session(3, ANN).id]);
      expect(await store.endSessions(ANN)).toEqual([]);
      expect(await store.listSessions(BEN)).toHaveLength(1);
    });

    test('the sweep ends sessions that are too old or were not used, and removes expired links', async () => {
      await store.addSession({ ...session(1, ANN, 1), lastUsedAt: at(50) }, 'digest 1');
      await store.addSession(session(2, ANN, 10), 'digest 2');
      await store.addSession({ ...session(3, ANN, 10), lastUsedAt: at(50) }, 'digest 3');
      await store.addLink(link('old', { expiresAt: at(5) }), false);
      await store.addLink(link('new', { expiresAt: at(50) }), false);
      const ended = await store.sweep({ created: at(5), used: at(20), now: at(5) });
      expect([...ended].sort()).toEqual([session(1, ANN).id, session(2, ANN).id]);
      expect(await store.findLink(spending('old'))).toBeUndefined();
      expect(await store.findLink(spending('new'))).toEqual(link('new', { expiresAt: at(50) }));
    });

    test('keys are stored once, tell when they were used, and are removed', async () => {
      const key = { id: id(31), organizationId: 'acme', digest: 'secret' };
      expect([await store.addKey(key), await store.addKey({ ...key, digest: 'other' })]).toEqual([true, false]);
      await store.addKey({ ...key, id: id(32) });
      expect(await store.findKey(key.id)).toEqual(key);
      await store.used({ sessions: [], keys: [[key.id, at(3)]] });
      expect(await store.keyUses([key.id, id(32), id(33)])).toEqual([[key.id, at(3)]]);
      await store.removeKeys([key.id, id(33)]);
      expect([await store.findKey(key.id), (await store.findKey(id(32)))?.id]).toEqual([undefined, id(32)]);
    });

    test('places are those that were used last, each account on its own, by address or id', async () => {
      await store.addPlace({ userId: BEN, digest: 'z', lastUsedAt: at(0) }, 3);
      for (const [index, digest] of ['a', 'b', 'c', 'a', 'd'].entries()) {
        await store.addPlace({ userId: ANN, digest, lastUsedAt: at(index) }, 3);
      }
      const places = await store.listPlaces('ann@plive.test');
      expect(places.map(({ digest }) => digest).sort()).toEqual(['a', 'c', 'd']);
      expect(places).toContainEqual({ userId: ANN, digest: 'a', lastUsedAt: at(3) });
      expect(await store.listPlaces(ANN)).toEqual(places);
      expect((await store.listPlaces(BEN)).map(({ digest }) => digest)).toEqual(['z']);
      expect(await store.listPlaces('nobody@plive.test')).toEqual([]);
      expect(await store.listPlaces('\0nobody')).toEqual([]);
    });

    test('a probe changes nothing', async () => {
      await store.probe();
      expect(await store.listPeople([ANN, BEN])).toHaveLength(2);
    });
  }

  function describeLinksAndWorkflows(): void {
    test('a link is found for its purpose until it expires or is spent', async () => {
      expect(await store.addLink(link('one'), false)).toBe(true);
      const setup: Link = { digest: 'two', purpose: 'setup', subjectId: '', expiresAt: at(59) };
      await store.addLink(setup, false);
      expect(await store.findLink(spending('one'))).toEqual(link('one'));
      expect(await store.findLink(spending('two', 'setup'))).toMatchObject(setup);
      expect(await store.findLink(spending('one', 'reset'))).toBeUndefined();
      expect(await store.findLink(spending('one', 'invitation', 59))).toBeUndefined();
      expect([await store.spendLink(spending('one', 'reset')), await store.spendLink(spending('one'))]).toEqual([
        false,
        true,
      ]);
      expect([await store.findLink(spending('one')), await store.spendLink(spending('one'))]).toEqual([
        undefined,
        false,
      ]);
    });

    test('a subject has one link for a purpose, which another replaces only if it is told to', async () => {
      const first = link('first', { subjectId: 'same' });
      const second = link('second', { subjectId: 'same' });
      expect([await store.addLink(first, false), await store.addLink(second, false)]).toEqual([true, false]);
      expect(await store.findLink(spending('first'))).toEqual(first);
      expect(await store.addLink(second, true)).toBe(true);
      expect([await store.findLink(spending('first')), await store.findLink(spending('second'))]).toEqual([
        undefined,
        second,
      ]);
      // A link that is restored is there already if it was not spent.
      expect(await store.addLink(second, false)).toBe(false);
    });

    test('a person is added with the link that is spent and the workflow that needs them, or not at all', async () => {
      await store.addLink(link('one'), false);
      const cai = user(CAI, 'cai@plive.test');
      expect(await store.addUser(cai, spending('none'), workflow(1))).toBe('link-spent');
      expect([await store.findUser({ id: CAI }), await store.takePending()]).toEqual([undefined, []]);
      expect(await store.addUser(cai, spending('one'), workflow(1))).toBe('added');
      expect(await store.findLink(spending('one'))).toBeUndefined();
      await storage.abandonPending();
      expect(await store.takePending()).toEqual([workflow(1)]);
    });

    test('an address that is taken is told five times a link, and without a usable link never', async () => {
      for (const digest of ['one', 'two']) await store.addLink(link(digest), false);
      const attempt = (digest: string, minute = 1) =>
        store.addUser(user(CAI, 'ann@plive.test'), spending(digest, 'invitation', minute));
      expect([await attempt('none'), await attempt('one', 59)]).toEqual(['link-spent', 'link-spent']);
      const told: string[] = [];
      for (let count = 0; count < 6; count++) told.push(await attempt('one'));
      expect(told).toEqual([...Array(5).fill('email-taken'), 'link-spent']);
      expect(await store.findLink(spending('one'))).toBeUndefined();
      expect(await attempt('two')).toBe('email-taken');
      expect(await store.addUser(user(CAI, 'ann@plive.test'))).toBe('email-taken');
    });

    test('workflows are taken over with their next step, the oldest first, until they end', async () => {
      await store.putPending(workflow(2));
      await store.putPending(workflow(1));
      await store.putPending(workflow(2, { step: 'next', data: '{}' }));
      await store.addLink(link('one'), false);
      expect(await store.spendLink(spending('none'), workflow(3))).toBe(false);
      expect(await store.spendLink(spending('one'), workflow(4))).toBe(true);
      await storage.abandonPending();
      const pending = [workflow(1), workflow(2, { step: 'next', data: '{}' }), workflow(4)];
      expect(await other.takePending()).toEqual(pending);
      for (const { id: ended } of pending) await store.removePending(ended);
      await storage.abandonPending();
      expect(await store.takePending()).toEqual([]);
    });
  }

  function describeTwoStores(): void {
    /** What each store answered to the same question, asked by all at once. */
    const answers = async <T>(question: (store: IdentityStore, index: number) => Promise<T>) =>
      Promise.all([store, other, store, other, store, other].map(question));

    test('two stores at once spend a link once', async () => {
      await store.addLink(link('one'), false);
      const spent = await answers((each) => each.spendLink(spending('one')));
      expect(spent.filter(Boolean)).toHaveLength(1);
    });

    test('two stores at once give an address to one person', async () => {
      const added = await answers((each, index) => each.addUser(user(id(41 + index), 'new@plive.test')));
      expect([...added].sort()).toEqual(['added', ...Array(5).fill('email-taken')]);
      const renamed = await answers((each, index) => each.renameUser(id(41 + index), 'New', 'newer@plive.test'));
      expect(renamed).toHaveLength(6);
      expect((await store.findUser({ email: 'newer@plive.test' }))?.name).toBe('New');
    });

    test('two stores at once add a person with one use of a link', async () => {
      await store.addLink(link('one'), false);
      const added = await answers((each, index) =>
        each.addUser(user(id(41 + index), `new${index}@plive.test`), spending('one')),
      );
      expect([...added].sort()).toEqual(['added', ...Array(5).fill('link-spent')]);
    });

    test('two stores at once tell five times that an address is taken', async () => {
      await store.addLink(link('one'), false);
      const told = await answers((each) => each.addUser(user(CAI, 'ann@plive.test'), spending('one')));
      expect([...told].sort()).toEqual([...Array(5).fill('email-taken'), 'link-spent']);
    });

    test('two stores at once make one link for a subject', async () => {
      const added = await answers((each, index) => each.addLink(link(`l${index}`, { subjectId: 'same' }), false));
      expect(added.filter(Boolean)).toHaveLength(1);
      await answers((each, index) => each.addLink(link(`r${index}`, { subjectId: 'same' }), true));
      const found = await answers((each, index) => each.findLink(spending(`r${index}`)));
      expect(found.filter(Boolean)).toHaveLength(1);
    });

    test('two stores at once end each session once', async () => {
      const ids = Array.from({ length: 40 }, (_, number) => session(number, ANN).id);
      for (const number of ids.keys()) await store.addSession(session(number, ANN), `digest ${number}`);
      const ended = await answers((each) => each.endSessions(ANN));
      expect(ended.flat().sort()).toEqual(ids);
    });

    test('two stores at once make a key once', async () => {
      const made = await answers((each, index) =>
        each.addKey({ id: id(31), organizationId: 'acme', digest: `secret ${index}` }),
      );
      expect(made.filter(Boolean)).toHaveLength(1);
    });

    test('two stores at once start no session of a person who is erased meanwhile', async () => {
      const results = await answers(async (each, index) =>
        index === 2 ? each.eraseUser(ANN) : each.addSession(session(index, ANN), `digest ${index}`),
      );
      expect(results).toHaveLength(6);
      expect([await store.listSessions(ANN), await store.findUser({ id: ANN })]).toEqual([[], undefined]);
    });
  }
}
