// The write path: decides a command over the read models and appends its events. The caller can then read its own
// write.
import { isDeepStrictEqual } from 'node:util';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { Models } from '../../projections/models.ts';
import { wasOwner } from '../../projections/organizations.ts';
import { hasRole, isMember, type Viewer } from '../../projections/viewer/viewer.ts';
import { LANE_FULL, Lanes } from '../bounds/lanes.ts';
import type { RateLimiter, Verdict } from '../bounds/rate-limiter.ts';
import {
  type Appended,
  type Commit,
  type Conflict,
  type IdempotencyKey,
  type RequestIds,
  requestIds,
} from '../log/commit.ts';
import type { EventLog } from '../log/event-log.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import { type Acceptance, type Command, type Rejection, reject } from './command.ts';
import { type Preview, previewOf } from './preview.ts';

/** The caller of a command, and the request's conditions. */
export interface CommandRequest extends RequestIds {
  readonly viewer: Viewer;
  /**
   * The versions of the entity that the caller accepts (If-Match, If-None-Match). The command is `stale` if the entity has another.
   */
  readonly ifMatch?: ReadonlySet<number>;
  readonly key?: IdempotencyKey;
}

/** The result of a command. */
export type Dispatched =
  /**
   * `events` are those of the command's commit, also if an earlier request with the same key made it; empty if nothing
   * had to change. `models` are the read models right after it: later commands may have changed `current` since.
   */
  | { readonly kind: 'done'; readonly events: readonly RecordedEvent[]; readonly models: Models }
  | Rejection
  /** The entity is at version `actual`; `since` are the events after the newest version that the caller has seen. */
  | { readonly kind: 'stale'; readonly actual: number; readonly since: readonly RecordedEvent[] }
  /** The organisation has used up its rate limit for changes. */
  | { readonly kind: 'limited'; readonly verdict: Verdict }
  | Extract<Appended, { kind: 'key-reused' | 'overloaded' | 'unavailable' }>;

/** The reason why a command was not executed. */
export type Failure = Exclude<Dispatched, { readonly kind: 'done' }>;

export type Dispatch = <I>(command: Command<I>, input: I, request: CommandRequest) => Promise<Dispatched>;

/** Like `Dispatch`, but records nothing. */
export type DryRun = <I>(command: Command<I>, input: I, request: CommandRequest) => Promise<Preview | Failure>;

interface Parts {
  readonly log: EventLog;
  readonly models: ReadModels;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Limits the changes of each organisation; without it there is no limit. */
  readonly limiter?: RateLimiter | undefined;
  /** How many commands may wait for one stream, or for one idempotency key. */
  readonly maxWaiting: number;
}

/** How many of the events that a stale caller has missed are returned: the latest ones. */
const MAX_SINCE = 50;

export class Dispatcher {
  readonly #parts: Parts;
  readonly #lanes: Lanes;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#lanes = new Lanes(parts.maxWaiting);
  }

  /**
   * Commands with the same idempotency key run one after another, and so do commands on the same stream. The key is
   * looked up before the command is decided: a repeated request must not be rejected because of what the first one
   * changed.
   */
  readonly dispatch: Dispatch = (command, input, request) =>
    this.#inLane(request.key && `key ${request.key.id}`, async () => {
      const repeated = request.key && (await this.#repeated(request.key, request.viewer));
      return repeated ?? this.#inLane(command.stream(input), () => this.#decideAndAppend(command, input, request));
    });

  /** What the command would lead to, checked as if it were to be recorded. An idempotency key plays no part. */
  readonly preview: DryRun = async (command, input, request) => {
    const { log, models, now, newId } = this.#parts;
    const { viewer } = request;
    const { current } = models;
    const context = { viewer, now: now().toISOString(), newId };
    const decision = command.decide(input, current, context);
    if (decision.kind === 'rejected') return decision;
    const refusal = await this.#refusal(decision, request);
    return refusal ?? previewOf(decision, current, { ...context, position: log.position });
  };

  async #inLane(lane: string | undefined, work: () => Promise<Dispatched>): Promise<Dispatched> {
    if (lane === undefined) return work();
    const result = await this.#lanes.run(lane, work);
    return result === LANE_FULL ? { kind: 'overloaded' } : result;
  }

  /**
   * The result of an earlier request with this key, if the viewer is still a member of the organisations it changed, or
   * was an owner of those that are deleted.
   */
  async #repeated({ id, fingerprint }: IdempotencyKey, viewer: Viewer): Promise<Dispatched | undefined> {
    const { log, models } = this.#parts;
    const known = await log.findKey(id);
    if (!known) return undefined;
    if (known.fingerprint !== fingerprint) return { kind: 'key-reused' };
    const events = await collect(log.read({ after: known.first - 1, until: known.last }));
    const isVisible = ({ organizationId }: RecordedEvent) =>
      isMember(viewer, organizationId) || wasOwner(models.current.organizations, organizationId, viewer.actor.id);
    if (!events.every(isVisible)) return RESULT_NOT_VISIBLE;
    return { kind: 'done', events, models: models.current };
  }

  async #decideAndAppend<I>(command: Command<I>, input: I, request: CommandRequest): Promise<Dispatched> {
    let lastConflict: Conflict | undefined;
    for (;;) {
      const { models, now, newId } = this.#parts;
      const context = { viewer: request.viewer, now: now().toISOString(), newId };
      const decision = command.decide(input, models.current, context);
      if (decision.kind === 'rejected') return decision;
      const result = await this.#append(decision, request);
      if (result.kind !== 'conflict') return result;
      // The same conflict twice is not a race: the read models have stopped behind the log.
      if (isDeepStrictEqual(result, lastConflict)) return { kind: 'unavailable', reason: MODEL_STOPPED };
      lastConflict = result;
    }
  }

  /** The result of the decision; a conflict if a concurrent command was faster and this one must be decided again. */
  async #append(decision: Acceptance, request: CommandRequest): Promise<Dispatched | Conflict> {
    const { log, models, limiter } = this.#parts;
    const { events, also = [], organizationId, stream } = decision;
    const { ifMatch } = request;
    const refusal = await this.#refusal(decision, request);
    if (refusal) return refusal;
    if ([{ events }, ...also].every((write) => write.events.length === 0))
      return { kind: 'done', events: [], models: models.current };
    // Counted only for callers with the role: others must not use up the organisation's quota.
    const verdict = limiter?.take(organizationId);
    if (verdict?.allowed === false) return { kind: 'limited', verdict };
    const appended = await log.append(commitOf(decision, request));
    switch (appended.kind) {
      case 'appended':
      case 'duplicate':
        return { kind: 'done', events: appended.events, models: models.current };
      case 'conflict':
        // Without If-Match the caller accepts any current version, so the command is decided again.
        return ifMatch && appended.stream === stream ? this.#stale(stream, appended.actual, ifMatch) : appended;
      default:
        return appended;
    }
  }

  /** The reason why the decision may not be recorded, apart from what only recording it shows. */
  async #refusal(
    { stream, expected, organizationId, role }: Acceptance,
    { viewer, ifMatch }: CommandRequest,
  ): Promise<Failure | undefined> {
    const refusal = refuseRole(viewer, organizationId, role);
    if (refusal) return refusal;
    if (this.#parts.models.isFaulty(organizationId)) return { kind: 'unavailable', reason: MODEL_STOPPED };
    if (ifMatch && expected !== 'no-stream' && !ifMatch.has(expected)) return this.#stale(stream, expected, ifMatch);
    return undefined;
  }

  async #stale(stream: string, actual: number, ifMatch: ReadonlySet<number>): Promise<Failure> {
    const seen = Math.max(0, ...[...ifMatch].filter((version) => version < actual));
    const events = await collect(this.#parts.log.read({ stream }));
    return { kind: 'stale', actual, since: events.filter(({ version }) => version > seen).slice(-MAX_SINCE) };
  }
}

const RESULT_NOT_VISIBLE = reject(
  'not-found',
  'The result of this request does not exist any longer, or you may not see it.',
);

function refuseRole(viewer: Viewer, organizationId: string, role: Acceptance['role']): Rejection | undefined {
  // A viewer whose session has ended since the request came has no role any more, but `anyone` does not ask for one.
  if (role === 'anyone') return viewer.ended ? ENDED : undefined;
  if (hasRole(viewer, organizationId, role)) return undefined;
  // Non-members get the same answer for a visible entity as for a hidden one.
  if (!isMember(viewer, organizationId)) return reject('not-found', 'There is no such entity that you may change.');
  const access = viewer.access(organizationId);
  return reject('forbidden', `This requires the role ${role} in the organisation; yours is ${access}.`);
}

const ENDED = reject('forbidden', 'The session of this request has ended.');

const MODEL_STOPPED = 'A read model of this organisation stopped at an event that it could not process.';

function commitOf(
  { stream, expected, events, also = [], guards = [], redactions = [] }: Acceptance,
  { viewer, key, ...request }: CommandRequest,
): Commit {
  return {
    writes: [{ stream, expected, events }, ...also].filter((write) => write.events.length > 0),
    guards,
    redactions,
    actor: viewer.actor,
    ...requestIds(request),
    ...(key ? { key } : {}),
  };
}

async function collect(events: AsyncIterable<RecordedEvent>): Promise<RecordedEvent[]> {
  const collected: RecordedEvent[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}
