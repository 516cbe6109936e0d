// The set-up: what it records, and the state of the account and of the link where the log does not record it.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { firstOwnership } from '../../src/commands/setup.ts';
import type { Appended } from '../../src/log/commit.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import { SetUp } from '../../src/workflows/set-up.ts';
import { type AccountsApp, startUnowned } from '../support/accounts.ts';
import { described } from '../support/prepared.ts';

const ADA = { name: 'Ada Lovelace', email: 'ada@plive.test', password: 'analytical engine' };
const UNAVAILABLE = { kind: 'unavailable', reason: 'The disk is full.' } as const;

let app: AccountsApp;
let token: string;

beforeEach(async () => {
  app = await startUnowned();
  token = (await app.workflows.setUp.issueToken()) ?? '';
});

afterEach(() => app.close());

/** The set-up of the app's server with another `append`. */
function setUpWith(append: EventLog['append']): SetUp {
  const { log, models, identity } = app;
  return new SetUp({
    ...identity,
    log: {
      append,
      read: (options) => log.read(options),
      settled: () => log.settled(),
      freshen: () => log.freshen(),
      reached: (position) => log.reached(position),
    },
    models,
    newId,
  });
}

test('records the id that the client gave the request, beside one of the server', async () => {
  const after = app.log.position;
  const { status } = await app.request('/api/setup', {
    json: { token, ...ADA },
    headers: { 'X-Request-Id': 'theirs' },
  });
  expect([status, app.log.position]).toEqual([201, after + 2]);
  const ids = { requestId: 'theirs', correlationId: expect.not.stringMatching('theirs') };
  for await (const { meta } of app.log.read({ after })) expect(meta).toMatchObject(ids);
});

test('hides the organisations that an open server has named under slugs that nobody finds by trying', async () => {
  const events = [described('Search', 'acme'), described('Search', 'default')];
  await app.log.append({
    writes: events.map((event) => ({ stream: `service-${newId()}`, expected: 'no-stream', events: [event] })),
    actor: { kind: 'anonymous' },
    correlationId: 'test',
  });
  await app.workflows.setUp.run(token, ADA, { correlationId: 'test' });
  const { organizations } = app.models.current.organizations;
  const slugs = ['acme', 'default'].map((id) => organizations.get(id)?.slug);
  expect(slugs).toEqual([expect.stringMatching(/^acme-[a-z0-9]{8}$/), 'default']);
});

async function hasAccount(): Promise<boolean> {
  return typeof (await app.identity.accounts.prove(ADA)) === 'string';
}

test.each<Appended>([UNAVAILABLE, { kind: 'overloaded' }])(
  'leaves no account where the log answers %j, and the link works again',
  async (failure) => {
    expect(await setUpWith(async () => failure).run(token, ADA, { correlationId: 'test' })).toEqual(failure);
    expect(await hasAccount()).toBe(false);
    expect(await app.workflows.setUp.run(token, ADA, { correlationId: 'test' })).toEqual(expect.any(String));
  },
);

test('keeps the account of an interrupted set-up if the log does not record the ownership', async () => {
  const { accounts, links } = app.identity;
  const id = await accounts.add(ADA, links.spending('setup', token));
  token = (await app.workflows.setUp.issueToken()) ?? '';
  expect(await setUpWith(async () => UNAVAILABLE).run(token, ADA, { correlationId: 'test' })).toEqual(UNAVAILABLE);
  expect(await hasAccount()).toBe(true);
  expect(await app.workflows.setUp.run(token, ADA, { correlationId: 'test' })).toBe(id);
});

test('that loses to another owner leaves no account and no usable link', async () => {
  const lost = setUpWith(async (commit) => {
    const writes = firstOwnership(app.models.current.organizations, newId(), newId);
    await app.log.append({ writes, actor: { kind: 'system' }, correlationId: 'test' });
    return app.log.append(commit);
  });
  expect(await lost.run(token, ADA, { correlationId: 'test' })).toMatchObject({
    kind: 'rejected',
    code: 'already-set-up',
  });
  expect(await hasAccount()).toBe(false);
  const { links } = app.identity;
  expect(await links.find(links.spending('setup', token))).toBeUndefined();
});

test('gives up after the same conflict twice', async () => {
  const conflict = { kind: 'conflict', stream: 'organization-default', expected: 'no-stream', actual: 1 } as const;
  expect(await setUpWith(async () => conflict).run(token, ADA, { correlationId: 'test' })).toMatchObject({
    kind: 'unavailable',
  });
  expect(await hasAccount()).toBe(false);
});
