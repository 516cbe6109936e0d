// given/when/then on events: past events, a command, and exactly the events or the rejection that it results in.
import { expect } from '@jest/globals';
import { type Actor, EVENT_TYPES, type EventType, type RecordedEvent } from '../../projections/events/event-types.ts';
import { foldModels } from '../../projections/models.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { Command, Rejection } from '../../src/commands/command.ts';
import type { NewEvent } from '../../src/log/commit.ts';
import type { StoredEvent } from '../../src/log/journal.ts';
import { publicText } from '../../src/log/public-text.ts';

/**
 * An event as a test writes it: its stream, type and data. By default it is in the default organisation, and of the
 * system.
 */
export type Happened = {
  [K in EventType]: { stream: string } & Pick<NewEvent<K>, 'type' | 'data'> &
    Partial<Pick<NewEvent<K>, 'organizationId' | 'tenantId' | 'occurredAt'>> & { actor?: Actor };
}[EventType];

/** A fixed id for an entity of a test. Its last digits are the number. */
export function id(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** A viewer with every right. */
export const anyone: Viewer = { actor: { kind: 'anonymous' }, organizations: 'all', access: () => 'owner' };

const START = Date.parse('2026-03-01T09:00:00.000Z');

/** The recorded time of a test's event at this position: one event per minute. */
export function recordedAt(position: number): string {
  return new Date(START + position * 60_000).toISOString();
}

/** The events as the log would record them. */
export function recorded(happened: readonly Happened[]): RecordedEvent[] {
  const versions = new Map<string, number>();
  return happened.map(({ actor = { kind: 'system' }, ...event }, index) => {
    const position = index + 1;
    const version = (versions.get(event.stream) ?? 0) + 1;
    versions.set(event.stream, version);
    return {
      id: id(900_000 + position),
      schema: EVENT_TYPES[event.type].schema,
      organizationId: 'default',
      ...event,
      version,
      position,
      recordedAt: recordedAt(position),
      meta: { actor, correlationId: 'test', commit: { id: id(position), index: 0, size: 1 } },
      hash: '',
    } as RecordedEvent;
  });
}

/** An event as the log would store it. */
export function stored(event: RecordedEvent): StoredEvent {
  const { position, recordedAt: time, organizationId, stream, version, type, data, hash } = event;
  const text = publicText({ ...event, data: JSON.stringify(data) }, stream, version);
  const place = { position, recordedAt: time, organizationId, stream, version, type };
  return { ...place, text, textDigest: null, meta: JSON.stringify(event.meta), hash };
}

/** The new ids that a decision gets, in order. */
export const newIds = [id(501), id(502), id(503)] as const;

/** `given(…).when(command, input).expect(…)`: after these events, the command decides exactly those events. */
export function given(...happened: readonly Happened[]) {
  const models = foldModels(recorded(happened));
  return {
    when<I>(command: Command<I>, input: I, viewer: Viewer = anyone) {
      const ids = [...newIds];
      const newId = () => ids.shift() ?? id(599);
      const decision = command.decide(input, models, { viewer, now: recordedAt(happened.length + 1), newId });
      return {
        expect(...expected: readonly Happened[]) {
          if (decision.kind === 'rejected') throw new Error(`Rejected: ${decision.message}`);
          const { stream, events } = decision;
          expect(events.map((event) => ({ stream, ...event }))).toEqual(
            expected.map((event) => ({ organizationId: 'default', ...event })),
          );
        },
        expectNothing() {
          expect(decision).toMatchObject({ kind: 'accepted', events: [] });
        },
        expectRejection(code: Rejection['code'], pointer?: string) {
          expect(decision).toMatchObject({ kind: 'rejected', code, ...(pointer === undefined ? {} : { pointer }) });
        },
        decision,
      };
    },
  };
}
