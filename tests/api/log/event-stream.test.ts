// The log as server-sent events: every event once and in order, from wherever a client left off, for as long as it stays.
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import { eventStreamRoutes } from '../../../src/api/log/event-stream.ts';
import type { Commit, NewEvent } from '../../../src/log/commit.ts';
import { EventLog } from '../../../src/log/event-log.ts';
import type { MemoryJournal } from '../../../src/log/memory-journal.ts';
import { askedBy } from '../../support/asked.ts';
import { type Block, EventSource } from '../../support/event-source.ts';
import { memoryStorage } from '../../support/journals.ts';
import { described, naming } from '../../support/prepared.ts';
import { createService, type EventsPage, get, put, refused } from '../../support/rest.ts';
import { type Served, serve } from '../../support/serve.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

const named = (name: string, organizationId?: string): NewEvent => described(name, organizationId);

function commit(...events: readonly NewEvent[]): Commit {
  const stream = `service-${newId()}`;
  return { writes: [{ stream, expected: 'no-stream', events }], actor: { kind: 'system' }, correlationId: 'test' };
}

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('over the wire', () => {
  let app: StartedApp;
  let sources: EventSource[];

  beforeEach(async () => {
    // So few in memory that whoever catches up reads from the journal, too.
    app = await startApp({ EVENTS_IN_MEMORY: '20' });
    sources = [];
  });
  afterEach(async () => {
    for (const source of sources) source.leave();
    await app.close();
  });

  async function follow(query = '', headers: Record<string, string> = {}): Promise<EventSource> {
    const source = await EventSource.open(`${app.url}/api/events/stream${query}`, headers);
    sources.push(source);
    return source;
  }

  test('a client is told what is there, and then what comes', async () => {
    const service = await createService(app);
    const source = await follow();
    await source.until(({ events }) => events.length === 1);
    await put(app, `/api/services/${service.id}`, { status: 'degraded', name: 'Found' });
    await source.until(({ events }) => events.length === 3);
    const { events } = await get<EventsPage>(app, '/api/events');
    expect(source.events).toEqual(events.map((event) => ({ id: event.position, event: event.type, data: event })));
    expect(source.blocks[0]).toEqual({ retry: '2000' });
  });

  test('it says what it is, and that nobody may keep it or hold it back', async () => {
    const { headers } = (await follow()).response;
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
  });

  test.each([
    ['', {}, [1, 2, 3, 4]],
    ['?after=2', {}, [3, 4]],
    ['', { 'Last-Event-ID': '1' }, [2, 3, 4]],
    ['?after=0', { 'Last-Event-ID': '3' }, [4]],
    ['?after=2', { 'Last-Event-ID': '' }, [3, 4]],
    ['?organizationId=acme', {}, [2, 4]],
    ['?type=service.created', {}, [1, 2, 4]],
    ['?type=service.created&organizationId=acme&after=2', {}, [4]],
  ])('%s with %j tells of %j', async (query, headers, expected) => {
    const service = await createService(app);
    await createService(app, { organizationId: 'acme' });
    await put(app, `/api/services/${service.id}`, { status: 'degraded' });
    await createService(app, { organizationId: 'acme' });
    const source = await follow(query, headers as Record<string, string>);
    await source.until(({ events }) => events.length === expected.length);
    expect(source.positions).toEqual(expected);
  });

  test('a client that comes back again and again misses nothing and hears nothing twice, whatever happens meanwhile', async () => {
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let round = 0; round < 150; round += 1) {
        const events = Array.from({ length: 1 + (round % 3) }, (_, index) => named(`${writer} ${round} ${index}`));
        await app.log.append(commit(...events));
      }
    });
    const heard: (number | undefined)[] = [];
    let written = false;
    const writing = Promise.all(writers).then(() => {
      written = true;
    });
    for (let visit = 1; !written || heard.length < app.log.position; visit += 1) {
      const source = await follow('', { 'Last-Event-ID': String(heard.at(-1) ?? 0) });
      await source.until(({ events }) => events.length >= Math.min(visit, app.log.position - heard.length));
      source.leave();
      heard.push(...source.positions);
    }
    await writing;
    expect(heard).toEqual(upTo(app.log.position));
  });

  test.each([
    ['', { 'Last-Event-ID': '-1' }, 'Last-Event-ID must be a position in the log.'],
    ['', { 'Last-Event-ID': '0x1' }, 'Last-Event-ID must be a position in the log.'],
    ['', { 'Last-Event-ID': '1e3' }, 'Last-Event-ID must be a position in the log.'],
    ['?after=x', {}, 'after must be a number.'],
    ['?after=0x1', {}, 'after must be a number.'],
    ['?type=nope', {}, /^type must be one of /],
  ])('%s with %j is refused', async (query, headers, detail) => {
    const asked = { headers: headers as Record<string, string> };
    const { body } = await refused(app, `/api/events/stream${query}`, asked, [400, 'invalid-request']);
    expect(body.detail).toEqual(typeof detail === 'string' ? detail : expect.stringMatching(detail));
  });

  test.each<[string, Record<string, string>]>([
    ['?after=5', {}],
    ['', { 'Last-Event-ID': '5' }],
    ['?after=1', { 'Last-Event-ID': '5' }],
    ['', { 'Last-Event-ID': '99999999999999999999' }],
    ['?after=99999999999999999999', {}],
  ])('a client that resumes ahead of the log, with %s and %j, is told to begin anew', async (query, headers) => {
    for (let count = 0; count < 3; count += 1) await createService(app);
    const source = await follow(query, headers);
    await source.until(({ events }) => events.length === 4);
    expect(source.events[0]).toEqual({ id: 0, event: 'reset', data: { head: 3 } });
    expect(source.positions.slice(1)).toEqual([1, 2, 3]);
    source.leave();
  });

  test('the end of the server ends streams as complete, those of the silent included', async () => {
    await createService(app);
    const [busy, silent] = [await follow(), await follow('?organizationId=nobody')];
    await busy.until(({ events }) => events.length === 1);
    await app.close();
    expect(await Promise.all([busy.ended, silent.ended])).toEqual(['complete', 'complete']);
    app = await startApp();
  });
});

describe('a row', () => {
  let log: EventLog;
  let served: Served | undefined;

  beforeEach(async () => {
    const storage = await memoryStorage();
    const journal = storage.journal() as MemoryJournal;
    // An event of a type that this version does not know, as a newer one may have left it.
    const [write] = naming('team-1', 'any', 'A secret').writes;
    const unknown = write?.events.map((event) => ({ ...event, type: 'team.noted' })) ?? [];
    await journal.commit([
      { id: newId(), guards: [], redactions: [], writes: [{ stream: 'team-1', expected: 'any', events: unknown }] },
    ]);
    log = new EventLog(journal, { newId, eventsInMemory: 1_000, maxWaiting: 10_000, report: () => {} });
    await log.open();
  });
  afterEach(async () => {
    await served?.close();
    served = undefined;
    await log.close();
  });

  /** The first chunks of the stream, of which the first one holds no event. */
  async function chunks(count: number, query: object, viewer: Viewer): Promise<string[]> {
    const [route] = eventStreamRoutes(log);
    const asked = askedBy(viewer);
    const answer = await route?.handle({ params: {}, query: { after: 0, ...query }, body: {}, ...asked });
    if (!answer || !('stream' in answer)) throw new Error('There is no stream.');
    const leaving = new AbortController();
    const taken: string[] = [];
    for await (const chunk of answer.stream?.chunks(leaving.signal) ?? []) {
      if (taken.push(chunk) === count + 1) break;
    }
    leaving.abort();
    return taken.slice(1);
  }

  const member: Viewer = { actor: { kind: 'anonymous' }, organizations: 'all', access: () => 'owner' };
  const stranger: Viewer = {
    actor: { kind: 'anonymous' },
    organizations: ['default'],
    access: (organizationId) => (organizationId === 'default' ? 'public' : 'none'),
  };

  test('sends the events of a commit together', async () => {
    await log.append(commit(named('a'), named('b', 'acme'), named('c')));
    await log.append(commit(named('d')));
    expect((await chunks(3, {}, member)).map(idsOf)).toEqual([[1], [2, 3, 4], [5]]);
    expect((await chunks(2, { after: 2 }, member)).map(idsOf)).toEqual([[3, 4], [5]]);
    expect((await chunks(1, { organizationId: 'acme' }, member)).map(idsOf)).toEqual([[3]]);
  });

  test('tells strangers what is public, and nothing of whom, of other organisations, or of what it does not know', async () => {
    await log.append(commit(named('a'), named('b', 'acme')));
    const [chunk = ''] = await chunks(1, {}, stranger);
    expect(idsOf(chunk)).toEqual([2]);
    expect(chunk).toContain('"name":"a"');
    expect(chunk).not.toMatch(/meta|actor|acme|secret/);
  });

  test('moves a client on over what is not for it', async () => {
    for (let index = 0; index < 600; index += 1) await log.append(commit(named('b', 'acme')));
    const asked = { organizationId: 'default', after: 1 };
    expect(await chunks(1, asked, member)).toEqual(['id: 601\n\n']);
    await log.append(commit(named('a')));
    expect(await chunks(1, asked, member)).toEqual([expect.stringMatching(/^id: 602\nevent: /)]);
  });

  test('keeps a silent stream open with comments', async () => {
    served = await serve(eventStreamRoutes(log, { beat: ': beat\n\n', interval: 5 }));
    const source = await EventSource.open(`${served.url}/api/events/stream?after=1`);
    await source.until(({ blocks }) => blocks.length >= 4);
    const beat: Block = { comment: 'beat' };
    expect(source.blocks.slice(0, 4)).toEqual([{ retry: '2000' }, beat, beat, beat]);
    source.leave();
  });

  test('cuts off who does not read, who then goes on from where it was', async () => {
    // More than the system keeps of a connection.
    for (let index = 0; index < 20; index += 1) {
      await log.append(commit(...Array.from({ length: 20 }, () => named('x'.repeat(50_000)))));
    }
    served = await serve(eventStreamRoutes(log), { streams: { readTimeout: 50 } });
    const { host, hostname, port } = new URL(served.url);
    const opened = once(served.server, 'connection');
    const client = connect(Number(port), hostname);
    client.write(`GET /api/events/stream HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    client.pause();
    const [connection] = await opened;
    const cutOff = once(connection, 'close');
    await cutOff;

    let text = '';
    client.setEncoding('utf8').on('error', () => {});
    client.on('data', (chunk) => {
      text += chunk;
    });
    client.resume();
    if (!client.destroyed) await once(client, 'close');
    // What came whole; chunked encoding breaks the rest anywhere.
    const seen = text.match(/\nid: (\d+)\n/g)?.map((line) => Number(line.slice(5))) ?? [];
    const last = (seen.at(-1) ?? 0) - 1;
    await served.close();
    served = await serve(eventStreamRoutes(log));
    const source = await EventSource.open(`${served.url}/api/events/stream`, { 'Last-Event-ID': String(last) });
    await source.until(({ positions }) => positions.at(-1) === log.position);
    source.leave();
    expect(source.positions).toEqual(upTo(log.position, last + 1));
  });
});

function idsOf(chunk: string): number[] {
  return [...chunk.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
}
