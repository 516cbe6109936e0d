// An event that this version cannot understand: it stops its own organisation, visibly, and everything else serves.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MODEL_NAMES } from '../../../projections/models.ts';
import { SqliteJournal } from '../../../src/sqlite/journal/sqlite-journal.ts';
import { temporaryDirectory } from '../../support/journals.ts';
import { prepared } from '../../support/prepared.ts';
import { ask, createService, get } from '../../support/rest.ts';
import { ROOT } from '../../support/root.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

let directory: string;
/** The service that was archived, whatever that may mean. */
let unknown: string;
let app: StartedApp;

/** A service that a newer version created and then archived. */
function archived(organizationId: string) {
  unknown = crypto.randomUUID();
  const data = { name: 'Archive', description: 'Of old', status: 'operational' as const, uptime: 100 };
  const event = { type: 'service.created' as const, organizationId, data };
  const commit = prepared({
    writes: [{ stream: `service-${unknown}`, expected: 'no-stream', events: [event, event] }],
  });
  const asArchived = (each: { type: string }, index: number) =>
    index === 0 ? {} : { ...each, type: 'service.archived' };
  const writes = commit.writes.map((write) => ({
    ...write,
    events: write.events.map((each, index) => ({ ...each, ...asArchived(each, index) })),
  }));
  return { ...commit, writes };
}

/** Starts on a log whose second event is of a schema that is yet to come. */
beforeEach(async () => {
  directory = await temporaryDirectory();
  const journal = new SqliteJournal({ directory, root: ROOT });
  await journal.open();
  const service = (organizationId: string, schema: number) => {
    const data = { name: 'Search', description: 'Finds things', status: 'operational' as const, uptime: 100 };
    const events = [{ type: 'service.created' as const, organizationId, data }];
    const commit = prepared({ writes: [{ stream: `service-${crypto.randomUUID()}`, expected: 'no-stream', events }] });
    const writes = commit.writes.map((write) => ({
      ...write,
      events: write.events.map((event) => ({ ...event, schema })),
    }));
    return { ...commit, writes };
  };
  await journal.commit([service('org-456', 1), service('org-456', 99), service('org-456', 1), service('default', 1)]);
  await journal.commit([archived('org-456')]);
  await journal.close();
  app = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: directory });
});
afterEach(() => app.close());

test('what was understood before is still shown, and health says where it stands still', async () => {
  expect(await get(app, '/api/services?organizationId=org-456')).toHaveLength(1);
  expect(await get(app, '/health')).toMatchObject({
    status: 'degraded',
    problems: MODEL_NAMES.map((name) => `The read model "${name}" stopped at the event at position 2.`),
  });
  expect(app.reported).toHaveLength(MODEL_NAMES.length);
});

test('a past is what the read models came to, also of an entity whose own events go on', async () => {
  const [service] = await get<{ id: string }[]>(app, '/api/services?organizationId=org-456&position=5');
  const { position } = app.log;
  expect(await get(app, `/api/services/${service?.id}?position=${position}`)).toEqual(service);
  expect(await ask(app, `/api/services/${unknown}?position=${position}`)).toMatchObject({ status: 404 });
});

test('the history of an entity with an event of a type that is yet to come is still told', async () => {
  const stream = `service-${unknown}`;
  const { entries } = await get<{ entries: object[] }>(app, `/api/services/${unknown}/history`);
  expect(entries).toMatchObject([{ type: 'service.created' }, { type: 'service.archived', changes: [] }]);
  const { events } = await get<{ events: { stream: string }[] }>(app, '/api/events');
  expect(events.filter((event) => event.stream === stream)).toHaveLength(2);
});

test('its commands are refused until it is mended, those of others are not', async () => {
  const [service] = await get<{ id: string }[]>(app, '/api/services?organizationId=org-456');
  const json = { name: 'Search', description: 'Finds things', organizationId: 'org-456' };
  for (const asked of [
    await ask(app, '/api/services', { json }),
    await ask(app, `/api/services/${service?.id}`, { method: 'PUT', json: { uptime: 7 } }),
    await ask(app, `/api/services/${service?.id}`, { method: 'DELETE' }),
  ]) {
    expect([asked.status, asked.body]).toMatchObject([503, { code: 'unavailable' }]);
  }
  expect(app.log.position).toBe(6);
  await createService(app);
  expect(await get(app, '/api/services?organizationId=default')).toHaveLength(2);
});
