// Pages of lists show outsiders nothing of a private organisation, whatever the cursor and the filters are.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { INCIDENT_STATUSES, SERVICE_STATUSES } from '../../projections/events/severity.ts';
import { type AccountsApp, startOwned } from '../support/accounts.ts';
import { ask } from '../support/rest.ts';
import { quickTest, sized } from '../support/size.ts';
import { ASKERS, addOthers, addPeople, addTarget, askerFor, OUTSIDERS, type Target, unknownTarget } from './cast.ts';
import { cursorAt } from './listeners.ts';

let app: AccountsApp;
let target: Target;
let askers: ReadonlyMap<string, Record<string, string>>;

beforeAll(async () => {
  app = await startOwned({ RATE_LIMIT: '0' });
  const people = await addPeople(app);
  const others = await addOthers(app);
  target = await addTarget(app, 'private', people);
  const headers = async (name: (typeof ASKERS)[number]) =>
    ({ ...(await askerFor(app, name, target, { people, others })).headers }) as Record<string, string>;
  askers = new Map(await Promise.all(ASKERS.map(async (name) => [name, await headers(name)] as const)));
});
afterAll(() => app.close());

/** Every filter, and cursors at, before and after what is private. */
function queries(): string[] {
  const filters = {
    services: ['', ...SERVICE_STATUSES.map((status) => `&status=${status}`)],
    incidents: ['', '&active=true', '&active=false', ...INCIDENT_STATUSES.map((status) => `&status=${status}`)],
  };
  const cursors = ['', ...[0, 1, 2, 3].map((before) => `&cursor=${cursorAt(target.position - 1 + before)}`)];
  return Object.entries(filters).flatMap(([list, some]) =>
    some.flatMap((filter) => cursors.map((cursor) => `/api/${list}?limit=1${filter}${cursor}`)),
  );
}

/** All that is answered, without what differs each time. */
async function answer(path: string, headers: Record<string, string>): Promise<string> {
  const { status, text, headers: answered } = await ask(app, path, { headers });
  const kept = [...answered].filter(([name]) => !['date', 'x-request-id'].includes(name));
  return JSON.stringify([status, kept, text]);
}

/** Who asks in `npm test`: without an account, and with one that has no right here. */
const USUAL = OUTSIDERS.filter((name) => ['stranger', 'roleless'].includes(name));

test.each(
  sized(
    USUAL,
    OUTSIDERS.filter((name) => !USUAL.includes(name)),
  ),
)('to a %s they are those of an organisation that is nowhere', async (name) => {
  const headers = askers.get(name) ?? {};
  const nowhere = unknownTarget(app);
  for (const query of queries()) {
    const answered = await answer(`${query}&organizationId=${target.organizationId}`, headers);
    const ofNothing = await answer(`${query}&organizationId=${nowhere.organizationId}`, headers);
    expect(answered).toBe(ofNothing);
    expect(await answer(query, headers)).not.toMatch(new RegExp(`${target.serviceId}|${target.incidentId}`));
  }
});

quickTest('to members they are those of their organisation', async () => {
  for (const name of ASKERS.filter((each) => !OUTSIDERS.includes(each))) {
    const headers = askers.get(name) ?? {};
    expect(await answer('/api/services?limit=1&status=operational', headers)).toContain(target.serviceId);
    expect(await answer('/api/incidents?limit=1&active=true', headers)).toContain(target.incidentId);
  }
});
