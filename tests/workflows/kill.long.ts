// Joining and erasing accounts on a server that is killed meanwhile: the next start leaves nothing half done.
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { accessOf, tiesOf } from '../../projections/organizations.ts';
import { type AccountsApp, addPerson, PASSWORD, type Someone, startOwned, startUnowned } from '../support/accounts.ts';
import { termsOf } from '../support/dispatching.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { startPlive } from '../support/plive.ts';

const ROUNDS = 5;
/** How many people join, and how many erase their account, in each round. */
const PEOPLE = 6;
/** The latest moment of the kill after the first request, in milliseconds. */
const LATEST = 1_500;

let directory: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
});

afterEach(() => rmSync(directory, { recursive: true }));

const environment = () => ({ DATABASE_URL: 'sqlite:', DATA_DIR: directory });

interface Joiner {
  readonly token: string;
  readonly account: { readonly name: string; readonly email: string; readonly password: string };
}

async function prepare(app: AccountsApp, ownerId: string, round: number) {
  const input = { organizationId: 'default', role: 'member', expiresAt: '9999-01-01T00:00:00.000Z' } as const;
  const [joiners, leavers]: [Joiner[], Someone[]] = [[], []];
  for (let n = 0; n < PEOPLE; n += 1) {
    const made = await app.workflows.invite.run(input, termsOf(app, ownerId));
    const token = (made.kind === 'invited' && made.link?.split('#token=')[1]) || '';
    joiners.push({ token, account: { name: 'Ada', email: `ada-${round}-${n}@plive.test`, password: PASSWORD } });
    leavers.push(await addPerson(app, 'member'));
  }
  return { joiners, leavers };
}

/** Sends all requests to a server of its own, and kills it; without a delay, once all are answered. */
async function strike(
  { joiners, leavers }: Awaited<ReturnType<typeof prepare>>,
  delay: number | undefined,
): Promise<void> {
  const server = startPlive(directory, { PORT: '0', AUTH: 'required', LOG_FORMAT: 'none', RATE_LIMIT: '0' }, 'serve');
  const [origin = ''] = await server.printed(/http:\/\/\S+/);
  const send = (path: string, method: string, json: object, headers = {}) =>
    fetch(origin + path, {
      method,
      headers: { 'Content-Type': 'application/json', Origin: origin, ...headers },
      body: JSON.stringify(json),
    }).catch(() => undefined);
  const requests = [
    ...joiners.map(({ token, account }) => send('/api/invitations', 'POST', { token, ...account })),
    ...leavers.map(({ headers, password }) => send('/api/me', 'DELETE', { password }, headers)),
  ];
  await (delay === undefined ? Promise.all(requests) : sleep(delay));
  server.child.kill('SIGKILL');
  await Promise.all([server.ended, ...requests]);
}

/** What became of the people: of each joiner and leaver one of two outcomes, and nothing between them. */
async function outcomesOf(
  { identity, workflows, models }: AccountsApp,
  { joiners, leavers }: Awaited<ReturnType<typeof prepare>>,
): Promise<readonly string[]> {
  const { organizations } = models.current;
  const joined = joiners.map(async ({ token, account }) => {
    const userId = await identity.accounts.prove(account);
    const isUsable = !('kind' in (await workflows.join.find(token)));
    if (typeof userId !== 'string') return isUsable ? 'not joined' : 'a spent link, no account';
    return accessOf(organizations, 'default', userId) === 'member' && !isUsable ? 'joined' : 'an account, no member';
  });
  const left = leavers.map(async ({ id }) => {
    const isMember = tiesOf(organizations, id).length > 0;
    if (await identity.accounts.find(id)) return isMember ? 'stayed' : 'an account that left';
    return isMember ? 'a member without an account' : 'erased';
  });
  return Promise.all([...joined, ...left]);
}

test('a kill leaves members or usable links, and accounts or former members', async () => {
  const owned = await startOwned(environment());
  const outcomes = new Set<string>();
  let app: AccountsApp = owned;
  for (let round = 0; round < ROUNDS; round += 1) {
    const people = await prepare(app, owned.owner.id, round);
    await app.close();
    await strike(people, round === ROUNDS - 1 ? undefined : (LATEST * round) / ROUNDS);
    app = await startUnowned(environment());
    expect([app.reported, await app.identity.pending.take()]).toEqual([[], []]);
    for (const outcome of await outcomesOf(app, people)) outcomes.add(outcome);
  }
  await app.close();
  expect([...outcomes].sort()).toEqual(['erased', 'joined', 'not joined', 'stayed']);
});
