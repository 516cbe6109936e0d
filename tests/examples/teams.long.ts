// examples/teams.js, run as it is.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type AccountsApp, startUnowned } from '../support/accounts.ts';
import { runExample } from './running-example.ts';

let app: AccountsApp;
let link: string;

beforeEach(async () => {
  app = await startUnowned();
  const token = (await app.workflows.setUp.issueToken()) ?? '';
  link = app.identity.links.address('setup', token, app.url);
});

afterEach(() => app.close());

function walk(...words: readonly string[]) {
  return runExample(process.execPath, ['examples/teams.js', ...words], app.url);
}

async function recorded(): Promise<string[]> {
  const events: string[] = [];
  for await (const { type, meta } of app.log.read({})) events.push(`${meta.actor.kind} ${type}`);
  return events;
}

describe('the walk through teams and keys', () => {
  test('goes from the link of a new server to a key that is revoked, and its socket drops', async () => {
    const run = walk(link);

    expect([await run.ended, run.output]).toEqual([0, expect.stringContaining('the socket was dropped at once')]);
    expect(await recorded()).toEqual([
      'user organization.created',
      'user organization.role-granted',
      'user organization.created',
      'user organization.role-granted',
      'user organization.invitation-created',
      'user organization.invitation-accepted',
      'user organization.role-granted',
      'user organization.team-created',
      'user organization.team-member-added',
      'user organization.role-granted',
      'user organization.key-created',
      'key incident.opened',
      'user incident.update-posted',
      'user organization.key-revoked',
    ]);
    expect(app.reported).toEqual([]);
  });

  test('lets the owner sign in afterwards, with the password that it told', async () => {
    const run = walk(link);
    await run.printed(/Olga is the first owner/);
    const [, email, password] = /sign-in: (\S+), (\S+)/.exec(run.output) ?? [];

    const { status } = await app.request('/api/sessions', { json: { email, password } });

    expect(status).toBe(201);
    await run.ended;
  });

  test('ends with exit code 1 where an answer is not as expected, and changes nothing', async () => {
    const run = walk(link.replace('#token=', '#token=not-'));

    expect([await run.ended, run.output]).toEqual([1, expect.stringContaining('POST /api/setup: 410 instead of 201')]);
    expect(await recorded()).toEqual([]);
  });

  test('says how it is called where it has no link', async () => {
    const run = walk();

    expect([await run.ended, run.output]).toEqual([1, expect.stringContaining('Usage: node examples/teams.js')]);
  });
});
