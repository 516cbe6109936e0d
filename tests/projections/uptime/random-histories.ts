// Random events of one service and of incidents that name it, within a short time, back-dated and corrected.
import fc from 'fast-check';
import type { EventType, RecordedEvent } from '../../../projections/events/event-types.ts';
import { CLAIMED_STATUSES, INCIDENT_STATUSES, SERVICE_STATUSES } from '../../../projections/events/severity.ts';
import { id } from '../../support/scenario.ts';

export const SERVICE = id(1);
const OTHER = id(2);

/** A step; the numbers are indexes, modulo what there is, and seconds. */
interface Step {
  readonly action: keyof typeof ACTIONS;
  readonly pick: number;
  readonly level: number;
  /** Seconds that passed since the step before. */
  readonly pause: number;
  /** Seconds that it lies back; none if it is not back-dated. */
  readonly back: number | undefined;
  readonly length: number;
}

export const steps = (seconds: number, maxLength = 30): fc.Arbitrary<readonly Step[]> =>
  fc.array(
    fc.record({
      action: fc.constantFrom(...(Object.keys(ACTIONS) as Step['action'][])),
      pick: fc.nat(1_000),
      level: fc.nat(1_000),
      pause: fc.oneof(fc.constant(0), fc.double({ min: 0, max: (2 * seconds) / maxLength, noNaN: true })),
      back: fc.option(fc.double({ min: -seconds / 10, max: seconds / 2, noNaN: true }), { nil: undefined, freq: 2 }),
      length: fc.double({ min: 0, max: seconds / 2, noNaN: true }),
    }),
    { minLength: 1, maxLength, size: 'max' },
  );

/** The events of a history that begins with the creation of the service at this time. */
export function eventsOf(steps: readonly Step[], start: number): readonly RecordedEvent[] {
  const history = new History(start);
  history.add('service.created', OWN, { status: 'operational' });
  for (const step of steps) {
    history.pass(step.pause);
    ACTIONS[step.action](history, step);
  }
  return history.events;
}

const OWN = `service-${SERVICE}`;

const ACTIONS = {
  report: (history: History, { level, back }: Step) =>
    history.add('service.status-reported', OWN, { status: chosen(SERVICE_STATUSES, level) }, back),
  start: (history: History, { level, back = level / 50 }: Step) =>
    history.add('service.start-moved', OWN, { startDate: history.ago(Math.max(0, back)) }),
  correct(history: History, { level, back = 0, length }: Step) {
    const correctionId = history.newId();
    history.corrections.push(correctionId);
    const times = { from: history.ago(back + length), to: history.ago(back) };
    const status = chosen(SERVICE_STATUSES, level);
    history.add('service.history-corrected', OWN, { correctionId, ...times, status, reason: 'So it was' });
  },
  withdraw(history: History, { pick }: Step) {
    const correctionId = chosen(history.corrections, pick);
    if (correctionId) history.add('service.correction-withdrawn', OWN, { correctionId });
  },
  open(history: History, { level, back }: Step) {
    const id = history.newId();
    history.incidents.push(id);
    const affectedServiceIds = level % 2 === 0 ? [SERVICE] : [];
    history.add('incident.opened', `incident-${id}`, { ...said(level), affectedServiceIds }, back);
  },
  assess(history: History, { pick, level, back }: Step) {
    const named = level % 2 === 0 ? { affectedServiceIds: level % 4 === 0 ? [SERVICE] : [] } : {};
    const { impacts } = said(level);
    history.tell(pick, 'incident.assessed', level % 5 === 0 ? named : { impacts, ...named }, back);
  },
  move: (history: History, { pick, level, back }: Step) =>
    history.tell(pick, 'incident.status-changed', { status: said(level).status }, back),
  post(history: History, { pick, level, back }: Step) {
    const { status, impacts } = said(level);
    const updateId = history.newId();
    const stream = history.tell(
      pick,
      'incident.update-posted',
      { status, updateId, message: 'So', ...(level % 2 === 0 ? { impacts } : {}) },
      back,
    );
    if (stream) history.updates.push({ stream, updateId });
  },
  'move-start': (history: History, { pick, level, back = level / 50 }: Step) =>
    history.tell(pick, 'incident.start-moved', { startedAt: history.ago(back) }),
  'retract-update'(history: History, { pick }: Step) {
    const update = chosen(history.updates, pick);
    if (update) history.add('incident.update-retracted', update.stream, { updateId: update.updateId });
  },
  plan(history: History, { level }: Step) {
    const id = history.newId();
    history.maintenances.push(id);
    const affectedServiceIds = [level % 3 === 0 ? OTHER : SERVICE];
    history.add('maintenance.planned', `maintenance-${id}`, { affectedServiceIds });
  },
  work(history: History, { pick, level, back }: Step) {
    const id = chosen(history.maintenances, pick);
    const type = chosen(WORK, level);
    if (id === undefined || !type) return;
    const data =
      type === 'maintenance.services-changed' ? { affectedServiceIds: level % 2 === 0 ? [SERVICE] : [] } : {};
    history.add(type, `maintenance-${id}`, data, back);
    if (type === 'maintenance.deleted') history.maintenances = history.maintenances.filter((each) => each !== id);
  },
  retract: (history: History, { pick }: Step) => history.end(pick, 'incident.retracted'),
  delete: (history: History, { pick }: Step) => history.end(pick, 'incident.deleted'),
};

const WORK = [
  ...(['maintenance.started', 'maintenance.verification-begun', 'maintenance.completed'] as const),
  ...(['maintenance.started', 'maintenance.cancelled', 'maintenance.services-changed', 'maintenance.deleted'] as const),
];

/** What an incident says of the service, or of another one. */
function said(level: number) {
  const impacts = { [level % 3 === 0 ? OTHER : SERVICE]: chosen(CLAIMED_STATUSES, level) };
  return { status: chosen(INCIDENT_STATUSES, level), impacts };
}

class History {
  readonly events: RecordedEvent[] = [];
  readonly incidents: string[] = [];
  readonly corrections: string[] = [];
  maintenances: string[] = [];
  updates: { readonly stream: string; readonly updateId: string }[] = [];
  #now: number;

  constructor(start: number) {
    this.#now = start;
  }

  pass(seconds: number): void {
    this.#now += Math.round(seconds * 1_000);
  }

  add(type: EventType, stream: string, data: object, back?: number): void {
    const position = this.events.length + 1;
    const version = this.events.filter((event) => event.stream === stream).length + 1;
    const occurredAt = back === undefined ? {} : { occurredAt: this.ago(back) };
    const envelope = {
      type,
      stream,
      version,
      position,
      recordedAt: this.ago(0),
      organizationId: 'default',
      ...occurredAt,
    };
    this.events.push({ ...envelope, data } as RecordedEvent);
  }

  /** Adds to the stream of one of the incidents, which it returns; `undefined` if there is none. */
  tell(pick: number, type: EventType, data: object, back?: number): string | undefined {
    const id = chosen(this.incidents, pick);
    if (id === undefined) return undefined;
    this.add(type, `incident-${id}`, data, back);
    return `incident-${id}`;
  }

  /** The last event of one of the incidents. */
  end(pick: number, type: EventType): void {
    const stream = this.tell(pick, type, {});
    this.incidents.splice(pick % this.incidents.length, stream ? 1 : 0);
    this.updates = this.updates.filter((update) => update.stream !== stream);
  }

  ago(seconds: number): string {
    return new Date(this.#now - Math.round(seconds * 1_000)).toISOString();
  }

  newId(): string {
    return id(1_000 + this.events.length);
  }
}

function chosen<T>(among: readonly T[], pick: number): T {
  return among[pick % among.length] as T;
}
