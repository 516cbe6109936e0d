// The clock of maintenance: records that work has begun and ended at the planned moments. What was missed while the server
// was down, or the machine suspended, is recorded as soon as it runs again. Each moment is recorded once, whoever else
// records them too, because a commit is refused if its stream has changed.
import type { Subscription } from 'rxjs';
import { aggregateOf, entityId } from '../../projections/events/envelope.ts';
import { findMaintenance } from '../../projections/maintenances.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { Dispatch } from '../commands/dispatch.ts';
import { keepTime, nextLook } from '../commands/maintenances/clock.ts';
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
/** How many maintenances it changes at once. */
const AT_ONCE = 64;

const VIEWER: Viewer = { actor: { kind: 'system' }, organizations: 'all', access: () => 'owner' };

export class MaintenanceClock {
  readonly #parts: ClockParts;
  /** By the id of a maintenance: when to look at it next. */
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
    for (const id of models.current.maintenances.maintenances.entities.keys()) this.#note(id);
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
    const own = batch.events.filter((event) => aggregateOf(event) === 'maintenance');
    for (const event of own) this.#note(entityId(event));
    if (own.length > 0 && !this.#running) this.#wait();
  }

  #note(id: string): void {
    const maintenance = findMaintenance(this.#parts.models.current.maintenances, id);
    const next = maintenance && nextLook(maintenance);
    if (next === undefined) this.#looks.delete(id);
    else this.#looks.set(id, next);
  }

  #wait(): void {
    this.#cancel();
    if (this.#isStopped || this.#looks.size === 0) return;
    const next = [...this.#looks.values()].reduce((first, each) => (each < first ? each : first));
    const left = next === '' ? 0 : Date.parse(next) - this.#parts.now().getTime();
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
      const succeeded = await Promise.all(due.slice(0, AT_ONCE).map((id) => this.#record(id)));
      if (succeeded.includes(false)) return;
    }
  }

  /** What is due now; last that of which the last attempt recorded nothing. */
  #due(): string[] {
    const now = this.#parts.now().toISOString();
    const due = [...this.#looks].filter(([, next]) => next <= now).map(([id]) => id);
    return [...due.filter((id) => !this.#failed.has(id)), ...due.filter((id) => this.#failed.has(id))];
  }

  /** Records what is due of one maintenance. Resolves with whether that succeeded. */
  async #record(id: string): Promise<boolean> {
    const { dispatch, newId, report } = this.#parts;
    const result = await dispatch(keepTime, { id }, { viewer: VIEWER, correlationId: newId() });
    switch (result.kind) {
      case 'done':
        this.#note(id);
        break;
      case 'rejected':
        this.#looks.delete(id);
        break;
      default:
        if (!this.#failed.has(id)) report(`what is due of the maintenance ${id} could not be recorded yet`, result);
        this.#failed.add(id);
        return false;
    }
    this.#failed.delete(id);
    return true;
  }
}
