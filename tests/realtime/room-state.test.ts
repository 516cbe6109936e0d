// The state of a room in a message: bounded in bytes, and encoded once for all who join.
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { incidentKind } from '../../projections/incidents.ts';
import { foldModels } from '../../projections/models.ts';
import { serviceKind } from '../../projections/services.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import type { ReadModels } from '../../src/read-models/read-models.ts';
import { EncodedRooms } from '../../src/realtime/encoded-rooms.ts';
import type { EntityUpdate, Snapshot } from '../../src/realtime/protocol.ts';
import { encodeRoomState } from '../../src/realtime/room-state.ts';
import { type Happened, id, recorded } from '../support/scenario.ts';
import { sized } from '../support/size.ts';
import { received, written } from '../support/written.ts';

const ROOM = 'org:acme';
const PLACE = { room: ROOM, log: 'one', position: 8 };
const organizationId = 'acme';

function service(number: number): Happened {
  const data = { name: `Service ${number}`, description: 'x'.repeat(100), status: 'operational', uptime: 100 } as const;
  return { stream: `service-${id(number)}`, type: 'service.created', organizationId, data };
}

function incident(number: number, status: 'investigating' | 'resolved'): Happened {
  const title = `Incident ${number}`;
  const rest = { description: 'x'.repeat(100), impact: 'minor', affectedServices: [], affectedServiceIds: [] } as const;
  const data = { title, status, ...rest, impacts: {} };
  return { stream: `incident-${id(number)}`, type: 'incident.opened', organizationId, data };
}

/** Of the oldest and the newest incident neither is resolved. */
const EVENTS = [
  service(1),
  incident(2, 'investigating'),
  ...[3, 4, 5, 6].map((number) => incident(number, 'resolved')),
  incident(7, 'investigating'),
  service(8),
];

const modelsOf = (happened: readonly Happened[]) => foldModels(recorded(happened));

/** The state of the room in at most so many bytes. */
const stateIn = (maxBytes: number) => encodeRoomState(modelsOf(EVENTS), PLACE, maxBytes);

/** The same with so many of the newest resolved incidents only. */
function bytesWith(resolved: number): number {
  const kept = [...EVENTS.slice(0, 2), ...EVENTS.slice(6 - resolved, 6), ...EVENTS.slice(6)];
  return encodeRoomState(modelsOf(kept), PLACE, Number.POSITIVE_INFINITY).bytes;
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('within its bound of bytes a snapshot', () => {
  test('holds everything and says so', () => {
    const { event, body } = received(stateIn(1_000_000));
    const { services, incidents, ...rest } = body as Snapshot;
    expect(event).toBe('snapshot');
    expect(services.map(({ name }) => name)).toEqual(['Service 1', 'Service 8']);
    expect(incidents.map(({ id: it }) => it)).toEqual([2, 3, 4, 5, 6, 7].map(id));
    expect(rest).toMatchObject({ room: ROOM, position: 8, complete: true, status: { totalServices: 2 } });
  });

  test.each([0, 1, 2, 3])('leaves out all but the %i newest resolved incidents where no more fit', (fitting) => {
    const bound = bytesWith(fitting) + 50;
    const message = stateIn(bound);
    const { services, incidents, complete } = received(message).body as Snapshot;
    const resolved = [3, 4, 5, 6].slice(4 - fitting);
    expect(incidents.map(({ id: it }) => it)).toEqual([2, ...resolved, 7].map(id));
    expect(services).toHaveLength(2);
    expect(complete).toBe(false);
    expect(message.bytes).toBeLessThanOrEqual(bound);
  });

  test('never is larger than that, whatever the bound is', () => {
    for (let bound = 200; bound < bytesWith(4) + 50; bound += sized(70, 7))
      expect(stateIn(bound).bytes).toBeLessThanOrEqual(bound);
  });

  test('is replaced by the advice to read over REST where services and unresolved incidents do not fit', () => {
    expect(received(stateIn(bytesWith(0) - 50))).toEqual({ event: 'resync', body: PLACE });
  });
});

describe('the encoded messages of rooms', () => {
  /** The rooms of a log that the test extends event by event. */
  function rooms(limits = { bytes: 100_000, keptStates: 1_000_000, keptUpdates: 1_000_000 }) {
    const state = { current: modelsOf(EVENTS) };
    const log = { id: PLACE.log, position: EVENTS.length };
    const parts = { log: log as EventLog, models: state as unknown as ReadModels };
    const happen = (...more: Happened[]) => {
      state.current = modelsOf([...EVENTS, ...more]);
      log.position = EVENTS.length + more.length;
    };
    const accept = (id: string) => {
      log.id = id;
    };
    return { encoded: new EncodedRooms(parts, limits), happen, accept };
  }

  const update = (size: number) => ({ type: 'service-update', data: 'x'.repeat(size) }) as unknown as EntityUpdate;

  test('are made once for any number of joins, and share their bytes', () => {
    const shown = [jest.spyOn(serviceKind, 'show'), jest.spyOn(incidentKind, 'show')];
    const { encoded } = rooms();
    const states = Array.from({ length: 100 }, () => encoded.state(ROOM));
    expect(shown.map(({ mock }) => mock.calls.length)).toEqual([2, 6]);
    const frames = new Set(states.flatMap((state) => written(state).frame));
    expect(frames.size).toBe(2);
  });

  test('stay while other rooms change, and are made anew when the room does', () => {
    const { encoded, happen } = rooms();
    const before = encoded.state(ROOM);
    happen({ ...service(9), organizationId: 'umbrella' });
    expect(encoded.state(ROOM)).toBe(before);
    happen(service(9));
    expect(received(encoded.state(ROOM)).body).toMatchObject({ position: 9, status: { totalServices: 3 } });
  });

  test('are made anew when the log is called another one', () => {
    const { encoded, accept } = rooms();
    expect(received(encoded.state(ROOM)).body).toMatchObject(PLACE);
    accept('two');
    expect(received(encoded.state(ROOM)).body).toMatchObject({ ...PLACE, log: 'two' });
  });

  test('are made anew also when only a group or the page changes', () => {
    const { encoded, happen } = rooms();
    const data = { name: 'Core', description: '', display: 'expanded' } as const;
    const created: Happened = { stream: `group-${id(9)}`, type: 'group.created', organizationId: 'acme', data };
    happen(created);
    expect(received(encoded.state(ROOM)).body).toMatchObject({ groups: [{ name: 'Core' }], pages: [] });
    happen(created, {
      stream: 'page-acme',
      type: 'page.configured',
      organizationId: 'acme',
      data: { historyDays: 7 },
    });
    expect(received(encoded.state(ROOM)).body).toMatchObject({ pages: [{ historyDays: 7 }] });
  });

  test('that take more memory than the limit are not kept', () => {
    const { encoded } = rooms({ bytes: 100_000, keptStates: 100, keptUpdates: 100 });
    expect(encoded.state(ROOM)).not.toBe(encoded.state(ROOM));
  });

  test('of updates are made once, and not at all where they are too large together', () => {
    const { encoded } = rooms();
    const [small, half, large] = [update(10), update(60_000), update(100_000)];
    expect(encoded.updates([small, half])?.map(received)).toEqual(
      [small, half].map((body) => ({ event: 'service-update', body })),
    );
    expect(encoded.updates([small])?.[0]).toBe(encoded.updates([small, half])?.[0]);
    expect(encoded.updates([half, { ...half }])).toBeUndefined();
    expect(encoded.updates([large])).toBeUndefined();
    expect(encoded.updates([])).toEqual([]);
  });

  test('are forgotten on demand', () => {
    const { encoded } = rooms();
    const changed = update(10);
    const [state, updates] = [encoded.state(ROOM), encoded.updates([changed])];
    encoded.clear();
    expect(encoded.state(ROOM)).not.toBe(state);
    expect(encoded.updates([changed])?.[0]).not.toBe(updates?.[0]);
  });
});

test.each([1, 200, 70_000])('a message of %i letters is one text frame of the packet', (size) => {
  const encoded = encodeRoomState(modelsOf([]), { ...PLACE, room: `org:${'é'.repeat(size)}` }, 1_000_000);
  const { packet, frame } = written(encoded);
  expect(encoded.bytes).toBe(Buffer.byteLength(packet));
  const [header, payload] = frame as [Buffer, Buffer];
  expect(payload.toString()).toBe(`4${packet}`);
  expect(header[0]).toBe(0x81);
  const { length } = payload;
  const told = header[1] === 126 ? header.readUInt16BE(2) : Number(header.readBigUInt64BE(2));
  expect(told).toBe(length);
});
