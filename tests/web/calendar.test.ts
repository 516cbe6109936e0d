// The calendar of maintenance, as independent calendars read it.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import ICAL from 'ical.js';
import nodeIcal from 'node-ical';
import { ask, createService, put, remove } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

let now = new Date('2026-10-20T09:00:00.000Z');
let app: StartedApp;
let service: string;
beforeAll(async () => {
  app = await startApp({ RATE_LIMIT: '0' }, { now: () => now });
  service = (await createService(app, { name: 'Mail; \\ ]]> "queue", \ufffe' })).id;
  await put(app, '/api/page/settings', { name: 'A\\nb; c, "d" \ufffe', locale: 'de', timeZone: 'Europe/Berlin' });
});
afterAll(() => app.close());

const UGLY = 'Ugly \\ ;, "q" \ufffe 😀 \u05e9\u05dc\u05d5\u05dd BEGIN:VEVENT ]]> <b>';
const plan = async (fields: object) =>
  (await ask<{ id: string }>(app, '/api/maintenances', { json: { title: 'Work', description: 'Short.', ...fields } }))
    .body.id;
const read = async (path = '/maintenance.ics') => (await ask(app, path)).text;

interface Read {
  readonly uid: string;
  readonly summary: string;
  readonly description: string;
  readonly start: string;
  readonly end: string;
  readonly sequence: number;
  readonly status: string;
}

/** As ical.js reads it. Anything that it does not understand throws. */
function eventsIn(text: string): Read[] {
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      summary: event.summary,
      description: event.description,
      start: event.startDate.toJSDate().toISOString(),
      end: event.endDate.toJSDate().toISOString(),
      sequence: event.sequence,
      status: String(component.getFirstPropertyValue('status')),
    };
  });
}

/** As node-ical does. */
function otherEventsIn(text: string): Partial<Read>[] {
  return Object.values(nodeIcal.sync.parseICS(text)).flatMap((event) =>
    event?.type === 'VEVENT'
      ? [
          {
            uid: event.uid,
            summary: String(event.summary),
            start: event.start.toISOString(),
            end: event.end?.toISOString() ?? '',
            sequence: Number(event.sequence),
            status: String(event.status),
          },
        ]
      : [],
  );
}

const withoutDescription = ({ description: _description, ...event }: Read) => event;

test('the ugliest texts are read as they are, and lines are short', async () => {
  const description = `First \\n\r\n\r\n${UGLY}\r\nEND:VCALENDAR`;
  const id = await plan({
    title: UGLY,
    description,
    startsAt: '2026-10-21T10:00:00Z',
    endsAt: '2026-10-21T11:00:00Z',
    affectedServices: [service],
  });
  const text = await read();
  const [event] = eventsIn(text);
  const title = UGLY.replace('\ufffe', '\ufffd');
  expect(event).toMatchObject({ uid: id, summary: title, status: 'CONFIRMED', sequence: 0 });
  expect(event?.description).toContain('Betroffen: Mail; \\ ]]> "queue", \ufffd\n\nFirst \\n');
  expect(otherEventsIn(text)).toEqual(eventsIn(text).map(withoutDescription));
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  const name = new ICAL.Component(ICAL.parse(text) as unknown[]).getFirstPropertyValue('x-wr-calname');
  expect(String(name).replace(/\\([;,\\])/g, '$1')).toBe('Wartung · Status: A\\nb; c, "d" \ufffd');
  await remove(app, `/api/maintenances/${id}`);
  expect(eventsIn(await read())).toEqual([]);
});

test('what is moved over a change of clocks keeps its id, and is newer', async () => {
  const local = { startsAt: '2026-10-24T02:30', endsAt: '2026-10-24T04:30', timeZone: 'Europe/Berlin' };
  const id = await plan(local);
  const [before] = eventsIn(await read());
  expect(before).toMatchObject({ uid: id, start: '2026-10-24T00:30:00.000Z', end: '2026-10-24T02:30:00.000Z' });
  await put(app, `/api/maintenances/${id}`, { ...local, startsAt: '2026-10-25T01:30', endsAt: '2026-10-25T04:30' });
  const text = await read();
  const [after] = eventsIn(text);
  // From 01:30 to 04:30 there are four hours: the clocks go back at three.
  expect(after).toMatchObject({ uid: id, start: '2026-10-24T23:30:00.000Z', end: '2026-10-25T03:30:00.000Z' });
  expect(after?.sequence).toBeGreaterThan(before?.sequence ?? 0);
  expect(otherEventsIn(text)).toEqual(eventsIn(text).map(withoutDescription));
});

test('what is cancelled stays as such until it would have ended', async () => {
  const [planned] = eventsIn(await read());
  await ask(app, `/api/maintenances/${planned?.uid}/updates`, {
    json: { status: 'cancelled', message: 'Not needed.' },
  });
  const cancelled = { uid: planned?.uid, start: planned?.start, end: planned?.end, status: 'CANCELLED' };
  for (const moment of ['2026-10-20T09:00:00.000Z', '2026-10-25T03:29:59.000Z']) {
    now = new Date(moment);
    const [event] = eventsIn(await read());
    expect(event).toMatchObject(cancelled);
    expect(event?.description).toContain('Abgesagt');
    expect(event?.sequence).toBeGreaterThan(planned?.sequence ?? 0);
  }
  now = new Date('2026-10-25T03:30:00.000Z');
  expect(eventsIn(await read())).toEqual([]);
});

test('it is a function of the log: another reading of the clock changes nothing', async () => {
  const window = { startsAt: '2026-11-05T10:00:00Z', endsAt: '2026-11-05T11:00:00Z', autoStart: false };
  const id = await plan({ ...window, affectedServices: [service] });
  const before = await ask(app, '/maintenance.ics');
  now = new Date('2026-10-26T09:00:00.000Z');
  const tag = before.headers.get('ETag') ?? '';
  expect((await ask(app, '/maintenance.ics', { headers: { 'If-None-Match': tag } })).status).toBe(304);
  expect(before.headers.get('Content-Type')).toBe('text/calendar; charset=utf-8');
  expect(before.text).toContain('DTSTAMP:20261025T033000Z');
  expect(eventsIn(await read(`/services/${service}/maintenance.ics`)).map(({ uid }) => uid)).toEqual([id]);
});

test('an entry has the beginning of long texts alone: its page has the rest', async () => {
  const affectedServices: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    affectedServices.push((await createService(app, { name: `${count} ${'n'.repeat(190)}` })).id);
  }
  const window = { startsAt: '2027-02-01T10:00:00.000Z', endsAt: '2027-02-01T11:00:00.000Z' };
  const uid = await plan({ ...window, description: '- a\n  - b\n'.repeat(900), affectedServices });
  const { description = '' } = eventsIn(await read()).find((event) => event.uid === uid) ?? {};
  expect(description).toContain('a');
  expect(description.length).toBeLessThan(800);
});
