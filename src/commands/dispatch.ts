// The write path: decides a command over the read models and appends its events. The caller can then read its own
// write.
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { findOrganization, organizationStream, wasOwner } from '../../projections/organizations.ts';
import { hasRole, isMember, type Viewer } from '../../projections/viewer/viewer.ts';
import { LANE_FULL, Lanes } from '../bounds/lanes.ts';
import type { RateLimiter, Verdict } from '../bounds/rate-limiter.ts';
import {
  type Commit,
  type Conflict,
  type Guard,
  type IdempotencyKey,
  type Lease,
  type RequestIds,
  requestIds,
} from '../log/commit.ts';
import type { EventLog } from '../log/event-log.ts';
import type { ReadModels } from '../read-models/read-models.ts';
import { Attempts, BEHIND, MODEL_STOPPED } from './attempts.ts';
import { type Acceptance, type Command, type Rejection, reject } from './command.ts';
import type { Dispatched, Failure } from './dispatched.ts';
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
  /** The lease without which nothing is recorded. Default: none is needed. */
  readonly lease?: () => Lease | undefined;
  /** How many commands may wait for one stream, or for one idempotency key. */
  readonly maxWaiting: number;
}

/** What belongs to one decision: the position of the log at which it was made. */
interface DecidedAt {
  readonly limit: TakeOnce;
  readonly position: number;
}

type TakeOnce = (organizationId: string) => Verdict | undefined;

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
    const { log } = this.#parts;
    const attempts = new Attempts(log);
    for (;;) {
      const { position } = log;
      const result = await this.#tryOut(command, input, request);
      if (result.kind === 'previewed') return result;
      const judged = await attempts.refused(result, position);
      if (judged !== 'again') return judged;
    }
  };

  async #tryOut<I>(command: Command<I>, input: I, request: CommandRequest): Promise<Preview | Failure> {
    const { log, models, now, newId } = this.#parts;
    const { viewer } = request;
    const { current } = models;
    const context = { viewer, now: now().toISOString(), newId };
    const decision = command.decide(input, current, context);
    if (decision.kind === 'rejected') return decision;
    const refusal = await this.#refusal(decision, request);
    return refusal ?? previewOf(decision, current, { ...context, position: log.position });
  }

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
    if (!(await log.reached(known.last))) return BEHIND;
    const events = await collect(log.read({ after: known.first - 1, until: known.last }));
    const isVisible = ({ organizationId }: RecordedEvent) =>
      isMember(viewer, organizationId) || wasOwner(models.current.organizations, organizationId, viewer.actor.id);
    if (!events.every(isVisible)) return RESULT_NOT_VISIBLE;
    return { kind: 'done', events, models: models.current };
  }

  async #decideAndAppend<I>(command: Command<I>, input: I, request: CommandRequest): Promise<Dispatched> {
    const { log } = this.#parts;
    const attempts = new Attempts(log);
    const limit = this.#limitOnce();
    for (;;) {
      const { position } = log;
      const result = await this.#decide(command, input, request, limit);
      const judged = await attempts.judge(result, position);
      if (judged !== 'again') return judged;
    }
  }

  async #decide<I>(
    command: Command<I>,
    input: I,
    request: CommandRequest,
    limit: TakeOnce,
  ): Promise<Dispatched | Conflict> {
    const { log, models, now, newId } = this.#parts;
    const context = { viewer: request.viewer, now: now().toISOString(), newId };
    const { position } = log;
    const decision = command.decide(input, models.current, context);
    return decision.kind === 'rejected' ? decision : this.#append(decision, request, { limit, position });
  }

  /** Takes one change of the organisation's quota, however often a command is decided. */
  #limitOnce(): TakeOnce {
    const { limiter } = this.#parts;
    let isTaken = false;
    return (organizationId) => {
      if (isTaken) return undefined;
      isTaken = true;
      return limiter?.take(organizationId);
    };
  }

  /** The result of the decision; a conflict if a concurrent command was faster and this one must be decided again. */
  async #append(
    decision: Acceptance,
    request: CommandRequest,
    { limit, position }: DecidedAt,
  ): Promise<Dispatched | Conflict> {
    const { log, models } = this.#parts;
    const { events, also = [], organizationId, stream } = decision;
    const { ifMatch } = request;
    const refusal = await this.#refusal(decision, request);
    if (refusal) return refusal;
    if ([{ events }, ...also].every((write) => write.events.length === 0))
      return { kind: 'done', events: [], models: models.current };
    // Counted only for callers with the role: others must not use up the organisation's quota.
    const verdict = limit(organizationId);
    if (verdict?.allowed === false) return { kind: 'limited', verdict };
    const appended = await log.append(this.#commitOf(decision, request, position));
    switch (appended.kind) {
      case 'appended':
      case 'duplicate':
        return { kind: 'done', events: appended.events, models: models.after(appended.last) };
      case 'conflict':
        // Without If-Match the caller accepts any current version, so the command is decided again.
        return ifMatch && appended.stream === stream ? this.#stale(stream, appended.actual, ifMatch) : appended;
      default:
        return appended;
    }
  }

  #commitOf(
    { stream, expected, events, also = [], guards = [], redactions = [], organizationId, unseen }: Acceptance,
    { viewer, key, ...request }: CommandRequest,
    position: number,
  ): Commit {
    const { lease } = this.#parts;
    const held = lease?.();
    const writes = [{ stream, expected, events }, ...also].filter((write) => write.events.length > 0);
    return {
      writes,
      guards: [...guards, ...this.#rightsOf(viewer, organizationId, [...writes, ...guards])],
      redactions,
      ...(unseen ? { unseen: { types: unseen, after: position } } : {}),
      actor: viewer.actor,
      ...requestIds(request),
      ...(key ? { key } : {}),
      ...(held ? { lease: held } : {}),
    };
  }

  /** A member's right must not have changed since it was looked up: it comes from the stream of the organisation. */
  #rightsOf({ actor }: Viewer, organizationId: string, guarded: readonly Guard[]): readonly Guard[] {
    const stream = organizationStream(organizationId);
    if (actor.kind === 'anonymous' || actor.kind === 'system' || guarded.some((each) => each.stream === stream))
      return [];
    const organization = findOrganization(this.#parts.models.current.organizations, organizationId);
    return organization ? [{ stream, expected: organization.version }] : [];
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
  if (role === 'anyone') return viewer.ended ? SESSION_ENDED : undefined;
  if (hasRole(viewer, organizationId, role)) return undefined;
  // Non-members get the same answer for a visible entity as for a hidden one.
  if (!isMember(viewer, organizationId)) return reject('not-found', 'There is no such entity that you may change.');
  const access = viewer.access(organizationId);
  return reject('forbidden', `This requires the role ${role} in the organisation; yours is ${access}.`);
}

export const SESSION_ENDED = reject('forbidden', 'The session of this request has ended.');

async function collect(events: AsyncIterable<RecordedEvent>): Promise<RecordedEvent[]> {
  const collected: RecordedEvent[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}
