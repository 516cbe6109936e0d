// The clock of maintenance: records that work has begun and ended at the planned moments, and plans the occurrences of
// series as they come near. What was missed while the server
// was down, or the machine suspended, is recorded as soon as it runs again. Each moment is recorded once, whoever else
// records them too, because a commit is refused if its stream has changed.
import type { Subscription } from 'rxjs';
import { aggregateOf, entityId } from '../../projections/events/envelope.ts';
import { findMaintenance } from '../../projections/maintenances.ts';
import { findSeries } from '../../projections/series.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { Dispatch } from '../commands/dispatch.ts';
import type { Failure } from '../commands/dispatched.ts';
import { AT_ONCE, keepTime, nextLook } from '../commands/maintenances/clock.ts';
import { planOccurrences } from '../commands/maintenances/occurrences.ts';
import { planningOf } from '../commands/maintenances/recurrence.ts';
import type { Report } from '../log/report.ts';
import type { ReadModels, Transition } from '../read-models/read-models.ts';
import type { SetTimer } from './timer.ts';

interface ClockParts {
  readonly models: ReadModels;
  readonly dispatch: Dispatch;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly report: Report;
  readonly setTimer: SetTimer;
}

/**
 * How long it waits at most, in milliseconds. Timers count the time that the machine runs, and have a largest value: after
 * this time it looks at the clock again, whatever happened to that.
 */
const LONGEST_WAIT = 1_000;
/** How much it records side by side. */
const TOGETHER = 64;

const VIEWER: Viewer = { actor: { kind: 'system' }, organizations: 'all', access: () => 'owner' };

export class MaintenanceClock {
  readonly #parts: ClockParts;
  /** By the stream of a maintenance or of a series: when to look at it next. */
  readonly #looks = new Map<string, string>();
  /** Those of which the last attempt recorded nothing. */
  readonly #failed = new Set<string>();
  #subscription: Subscription | undefined;
  #cancel = () => {};
  #running: Promise<void> | undefined;
  #isStopped = false;

  constructor(parts: ClockParts) {
    this.#parts = parts;
  }

  /** Records what was missed, then goes on. The read models must be up to date. */
  async start(): Promise<void> {
    const { models } = this.#parts;
    const { maintenances, 'maintenance-series': series } = models.current;
    for (const id of maintenances.maintenances.entities.keys()) this.#note(`maintenance-${id}`);
    for (const id of series.series.entities.keys()) this.#note(`series-${id}`);
    this.#subscription = models.transitions$.subscribe((transition) => this.#hear(transition));
    await this.#run();
  }

  /** Resolves when nothing more is recorded. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#subscription?.unsubscribe();
    this.#cancel();
    await this.#running;
  }

  #hear({ batch }: Transition): void {
    const own = batch.events.filter((event) => ['maintenance', 'series'].includes(aggregateOf(event)));
    for (const { stream } of own) this.#note(stream);
    if (own.length > 0 && !this.#running) this.#wait();
  }

  /** A series is looked at after each of its events; how long it can then be left alone is found while planning. */
  #note(stream: string): void {
    const { maintenances, 'maintenance-series': series } = this.#parts.models.current;
    const id = entityId({ stream });
    const maintenance = findMaintenance(maintenances, id);
    this.#lookAt(stream, findSeries(series, id) ? AT_ONCE : maintenance && nextLook(maintenance));
  }

  #lookAt(stream: string, next: string | undefined): void {
    if (next === undefined) this.#looks.delete(stream);
    else this.#looks.set(stream, next);
  }

  #wait(): void {
    this.#cancel();
    if (this.#isStopped || this.#looks.size === 0) return;
    const next = [...this.#looks.values()].reduce((first, each) => (each < first ? each : first));
    const left = next === AT_ONCE ? 0 : Date.parse(next) - this.#parts.now().getTime();
    const wait = this.#failed.size > 0 ? LONGEST_WAIT : Math.min(Math.max(left, 0), LONGEST_WAIT);
    this.#cancel = this.#parts.setTimer(() => void this.#run(), wait);
  }

  #run(): Promise<void> {
    this.#running ??= this.#recordDue().finally(() => {
      this.#running = undefined;
      this.#wait();
    });
    return this.#running;
  }

  /** Records all that is due, until an attempt fails: then the rest waits for the next time. */
  async #recordDue(): Promise<void> {
    for (let due = this.#due(); due.length > 0 && !this.#isStopped; due = this.#due()) {
      const succeeded = await Promise.all(due.slice(0, TOGETHER).map((stream) => this.#record(stream)));
      if (succeeded.includes(false)) return;
    }
  }

  /** What is due now; last that of which the last attempt recorded nothing. */
  #due(): string[] {
    const now = this.#parts.now().toISOString();
    const due = [...this.#looks].filter(([, next]) => next <= now).map(([stream]) => stream);
    return [...due.filter((stream) => !this.#failed.has(stream)), ...due.filter((stream) => this.#failed.has(stream))];
  }

  /** Records what is due in one stream. Resolves with whether that succeeded. */
  async #record(stream: string): Promise<boolean> {
    // An event of the stream that comes meanwhile sets it anew.
    this.#looks.delete(stream);
    const failure = await this.#decide(stream).catch((error: unknown) => error);
    if (failure === undefined) {
      this.#failed.delete(stream);
      return true;
    }
    if (this.#failed.size === 0) this.#parts.report(`what is due in ${stream} could not be recorded yet`, failure);
    this.#failed.add(stream);
    this.#looks.set(stream, AT_ONCE);
    return false;
  }

  /** Resolves with the reason if nothing could be recorded. */
  async #decide(stream: string): Promise<Failure | undefined> {
    const { dispatch, newId } = this.#parts;
    const id = entityId({ stream });
    const isSeries = aggregateOf({ stream }) === 'series';
    const command = isSeries ? planOccurrences : keepTime;
    const result = await dispatch(command, { id }, { viewer: VIEWER, correlationId: newId() });
    if (result.kind === 'rejected') return undefined;
    if (result.kind !== 'done') return result;
    if (isSeries && !this.#looks.has(stream)) this.#lookAt(stream, this.#nextPlanning(id));
    if (!isSeries) this.#note(stream);
    return undefined;
  }

  #nextPlanning(id: string): string | undefined {
    const series = findSeries(this.#parts.models.current['maintenance-series'], id);
    return series && planningOf(series, this.#parts.now().toISOString()).again;
  }
}
