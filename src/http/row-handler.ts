// Runs a route for a request: authenticates, authorises, validates, and then calls the route's handler.
import type { Request, Response } from 'express';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { Concurrency } from '../bounds/concurrency.ts';
import type { Payer, Turn, Turns } from '../bounds/turns.ts';
import type { ClientAddress } from '../identity/client-address.ts';
import type { Policy } from '../identity/policy.ts';
import type { RequestIds } from '../log/commit.ts';
import { INVALID_CREDENTIAL, refuseAccess } from './access.ts';
import { type Freshness, notReached } from './freshness/freshness.ts';
import { namedPosition } from './freshness/named-position.ts';
import { parseSeenPosition } from './freshness/seen-position.ts';
import type { ServedLog } from './freshness/served-log.ts';
import { acceptableRequestId, carriesCredential, matchedPosition } from './headers.ts';
import { nameIgnored, type ParsedRequest, parseRequest } from './parse-request.ts';
import { FREE, type Payers } from './payers.ts';
import { isCounted, isPriced, refuseSpent, refuseWork } from './price.ts';
import { PROBLEMS, type Problem } from './problem.ts';
import { enforce, limitCredential, type RequestLimits } from './rate-limit.ts';
import type { Repeats } from './repeats.ts';
import type { Answer, Route, RouteRequest } from './route.ts';
import { tagged } from './tagged.ts';

/** The answer to a request, and who pays for it. */
interface Handled {
  readonly answer: Answer;
  readonly payer: Payer;
  /** Sends the answer at once. The payer pays for the time that it takes. */
  readonly finish: Turn;
}

export type RowHandler = (route: Route, request: Request, response: Response) => Promise<Handled>;

/** The parts of the server that every route needs. */
export interface RowTerms {
  readonly policy: Policy;
  readonly clientAddress: ClientAddress;
  /** The log that the routes read. */
  readonly log: Pick<ServedLog, 'id'>;
  /** Waits for what requests depend on. */
  readonly freshness: Freshness;
  readonly limits?: RequestLimits | undefined;
  readonly newId: () => string;
  readonly payers: Payers;
  readonly turns: Turns;
  /** Stores the responses to repeatable requests that record no event. */
  readonly repeats: Repeats;
}

/** What a read costs in addition to the work of its handler, in milliseconds: parsing, identifying the caller, sending. */
const ADMISSION = 0.25;

/**
 * How many reads of one payer are worked on at once: each holds a page of the log or of an answer in memory. And how many
 * others of all strangers, or of everybody else, can wait for that: each holds a request in memory.
 */
const READS = { atOnce: 8, waiting: 2_000 };

export function rowHandler(terms: RowTerms): RowHandler {
  const { policy, clientAddress, log, freshness, newId, limits, payers, turns, repeats } = terms;
  const logId = () => log.id;
  const create = () => new Concurrency(READS.atOnce, READS.waiting);
  const reads = { ofStrangers: create(), ofOthers: create() };

  /** Returns a problem if the caller exceeds the limit for changes. */
  const limitChanges = (route: Route, { actor }: Viewer, response: Response): Problem | undefined => {
    const verdict = limits && route.method !== 'get' && limitCredential(limits.credentials, actor);
    return verdict ? enforce(verdict, response) : undefined;
  };

  const answer = async (route: Route, request: RouteRequest): Promise<Answer> => {
    const { key } = request.terms;
    const isStored = key && route.repeatable === 'process';
    const answer = await (isStored ? repeats.answer(key, async () => route.handle(request)) : route.handle(request));
    if (request.viewer.actor.kind === 'anonymous' || 'problem' in answer) return answer;
    return endedWithCredential(answer, request.viewer, policy);
  };

  /** What is recorded in the log is decided there, on all that other servers have recorded. */
  const decideFree = (route: Route, attempt: () => Promise<Answer>, payer: Payer): Promise<Answer> => {
    if (route.repeatable !== 'process') return attempt();
    return freshness.decide(attempt, { isRefusal: isDoubtful, payer });
  };

  const payerOf = (route: Route, viewer: Viewer, request: Request, parsed: ParsedRequest): Payer => {
    if (!isPriced(route)) return FREE;
    return payers.of(viewer, request, organizationOf(parsed) ?? viewer.home);
  };

  /** The parsed request, if the viewer may send it. */
  const check = (route: Route, viewer: Viewer, request: Request, response: Response): ParsedRequest | Answer => {
    const refusal = refuseAccess(viewer, route.access, request.params) ?? limitChanges(route, viewer, response);
    if (refusal) return refusal;
    nameIgnored(route, request, response);
    return parseRequest(route, request, viewer, identify(request, response, newId));
  };

  /** The same. What is not counted has its price also where it is refused, and so has a credential that is not valid. */
  const admit = async (route: Route, request: Request, response: Response): Promise<ParsedRequest | Answer> => {
    const viewer = await policy.viewerOf(request);
    if (viewer && isCounted(route)) return check(route, viewer, request, response);
    const payer = viewer ? payers.of(viewer, request, undefined) : payers.ofAddress(request);
    const spent = isCounted(route) ? undefined : refuseSpent(payer);
    if (spent) return spent;
    const checked = viewer ? check(route, viewer, request, response) : INVALID_CREDENTIAL;
    if (!('viewer' in checked)) payer.charge({ milliseconds: ADMISSION });
    return checked;
  };

  /** Returns a problem if this server has not read what the client has seen. */
  const refuseUnseen = async (request: Request, waiting: Payer): Promise<Problem | undefined> => {
    const seen = parseSeenPosition(request);
    // One that is no position is refused later, with all else that is wrong.
    if (seen.errors || seen.value === undefined) return undefined;
    return (await freshness.reach(seen.value, waiting)) === 'reached' ? undefined : notReached(seen.value);
  };

  /** Returns a problem if this server cannot say whether the log reaches where the request reads or resumes. */
  const refuseUnknown = async ({ conditional }: Route, request: Request, parsed: ParsedRequest, waiting: Payer) => {
    const named = Math.max(namedPosition(parsed), conditional ? matchedPosition(request.headers) : 0);
    return (await freshness.reach(named, waiting)) === 'unknown' ? notReached(named) : undefined;
  };

  return async (route, request, response) => {
    const waiting = payers.ofAddress(request, !carriesCredential(request.headers));
    const unseen = await refuseUnseen(request, waiting);
    if (unseen) return unpriced(unseen);
    const isRefusal = route.isStatic ? () => false : isDoubtful;
    const parsed = await freshness.decide(() => admit(route, request, response), { isRefusal, payer: waiting });
    if (!('viewer' in parsed)) return unpriced(parsed);
    const unknown = await refuseUnknown(route, request, parsed, waiting);
    if (unknown) return unpriced(unknown);
    const payer = payerOf(route, parsed.viewer, request, parsed);
    const client = { address: clientAddress(request), signal: closeSignal(response) };
    if (payer === FREE) {
      const free = { ...parsed, ...client, payer, turn: AT_ONCE };
      const answered = await decideFree(route, () => answer(route, free), waiting);
      return unpriced(tagged(answered, route, parsed, logId));
    }
    const running = payer.isStranger ? reads.ofStrangers : reads.ofOthers;
    const tooMuch = refuseWork(payer, turns, running);
    if (tooMuch) return unpriced(tooMuch);
    payer.charge({ milliseconds: ADMISSION });
    const turn: Turn = (work) => turns.run(payer, work);
    const priced = { ...parsed, ...client, payer, turn };
    const finish: Turn = (work) => turns.atOnce(payer, work);
    const work = unlessGone(client.signal, () => answer(route, priced));
    const attempt = async () =>
      running.run(
        payer.key,
        unlessGone(client.signal, () => turn(work)),
      );
    const answered = await freshness.decide(attempt, { isRefusal, payer });
    return { answer: tagged(answered, route, parsed, logId), payer, finish };
  };
}

/** The work, or the reason of the signal as an error, once it has aborted: nothing is done for a client that has gone. */
const unlessGone =
  <T>(signal: AbortSignal, work: () => T) =>
  (): T => {
    signal.throwIfAborted();
    return work();
  };

/** The statuses of refusals that become wrong when another server records a new entity, role or key. */
const DOUBTFUL: readonly number[] = [401, 403, 404, 410];

function isDoubtful(result: ParsedRequest | Answer): boolean {
  if ('viewer' in result) return false;
  return DOUBTFUL.includes('problem' in result ? PROBLEMS[result.problem].status : result.status);
}

const AT_ONCE: Turn = (work) => work();

const unpriced = (answer: Answer): Handled => ({ answer, payer: FREE, finish: AT_ONCE });

/** The organisation that the request names. */
function organizationOf({ params, query }: ParsedRequest): string | undefined {
  const named = { ...(query as Named), ...(params as Named) }.organizationId;
  return typeof named === 'string' ? named : undefined;
}

type Named = { readonly organizationId?: unknown } | undefined;

/** Ends a streamed answer when the session or API key of the caller ends. */
function endedWithCredential(answer: Answer, viewer: Viewer, policy: Policy): Answer {
  if (!('stream' in answer) || !answer.stream) return answer;
  return { ...answer, stream: { ...answer.stream, whenEnded: (end) => policy.whenEnded(viewer, end) } };
}

/** Aborts when the response closes before it was sent: to abort is to make an error with a stack trace. */
function closeSignal(response: Response): AbortSignal {
  const closed = new AbortController();
  response.once('close', () => response.writableFinished || closed.abort());
  return closed.signal;
}

/** A client can send any id, so the log correlates by an id of its own: the one of the answer, if that is not the client's. */
function identify(request: Request, response: Response, newId: () => string): RequestIds {
  const requestId = acceptableRequestId(request.get('X-Request-Id'));
  if (requestId === undefined) return { correlationId: String(response.getHeader('X-Request-Id')) };
  return { correlationId: newId(), requestId };
}
