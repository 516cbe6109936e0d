// One connected client: handles its messages and answers them.
import type { DefaultEventsMap, Socket } from 'socket.io';
import type * as z from 'zod';
import { isMember, type Viewer } from '../../projections/viewer/viewer.ts';
import { LANE_FULL, Lanes } from '../bounds/lanes.ts';
import type { RateLimiter } from '../bounds/rate-limiter.ts';
import type { Turn } from '../bounds/turns.ts';
import type { Reached } from '../http/freshness/freshness.ts';
import type { Policy } from '../identity/policy.ts';
import type { Report } from '../log/report.ts';
import {
  type AuthenticateMessage,
  authenticateMessage,
  type ClientEvent,
  handshakeAuth,
  joinMessage,
  leaveMessage,
  pingMessage,
  type Resume,
} from './protocol.ts';
import { EVERYONE, mayJoin, organizationOf, organizationRoom, roomsNamedBy } from './rooms.ts';
import { drained, isBehind } from './send-buffer.ts';

interface ClientData {
  connectedAt: string;
  /** Identified by the handshake, or by a key that the client sent later. */
  viewer: Viewer;
  /** Unsubscribes from the end of the viewer's session or key. */
  release: () => void;
  /** Whether the client itself left the room of everyone: the server then does not add it again. */
  hasLeftEveryone: boolean;
  /** What the client says about itself. Shown to others on an open server, never trusted. */
  claims: Pick<AuthenticateMessage, 'userId' | 'organizationId' | 'tenantId' | 'userRole'>;
}

export type Client = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, ClientData>;

export interface ClientInfo extends Readonly<ClientData['claims']> {
  readonly clientId: string;
  readonly connectedAt: string;
  readonly rooms: readonly string[];
}

/** What the handlers of a client need from the server. */
interface ClientContext {
  readonly limits: ClientLimits;
  readonly now: () => Date;
  readonly report: Report;
  /** Limits the messages of a client, by client id. Without it, messages are not limited. */
  readonly messages?: RateLimiter | undefined;
  readonly viewerOfKey: Policy['viewerOfKey'];
  /** Changes the viewer of the client. */
  readonly identify: (client: Client, viewer: Viewer) => void;
  /** Adds the client to those of the rooms that its viewer may hear. */
  readonly join: (client: Client, rooms: readonly string[], resume: Resume) => void;
  /** Waits until this server has read the log up to this position, which the client names. */
  readonly reach: (position: number) => Promise<Reached>;
  /** Whether this server has read all that was recorded before this call. */
  readonly freshen: () => Promise<boolean>;
  /** Does a piece of synchronous work for the client when it is its turn. */
  readonly turn: Turn;
}

/** The answer to a message. It is emitted as this event, and passed to the ack function if the client sent one. */
interface Answer {
  readonly event: string;
  readonly body: object;
}

/** When a message is handled: after the earlier ones of its client, or at once. */
type Run = (work: () => Promise<void>) => Promise<unknown>;

/** Limits for one client. */
export interface ClientLimits {
  /** Maximum number of rooms that it may be in. */
  readonly rooms: number;
  /** Maximum number of its messages that may be queued. */
  readonly waiting: number;
  /** Maximum number of those that join rooms, while the client has not read what it was sent. */
  readonly joins: number;
  /** How many of its messages the rate limit may refuse before the server disconnects it. */
  readonly refused: number;
}

/** Registers the message handlers of a new client, and adds it to the room of everyone. */
export function listenTo(client: Client, context: ClientContext): void {
  const { limits, now, report, messages, viewerOfKey, identify, join, reach, freshen, turn } = context;
  const timestamp = () => now().toISOString();
  client.data.connectedAt = timestamp();
  client.data.claims = {};
  client.data.hasLeftEveryone = false;

  // Handle the messages of a client in order: after a join and a leave, the client must not be in the room.
  const turns = new Lanes(limits.waiting);
  const inTurn: Run = (work) => turns.run(client.id, work);
  let joins = 0;
  const asJoin: Run = async (work) => {
    if (joins >= limits.joins && isBehind(client.conn)) return LANE_FULL;
    joins += 1;
    try {
      return await inTurn(work);
    } finally {
      joins -= 1;
    }
  };
  let refused = 0;

  /**
   * Registers the handler of one event. It catches every error: an error in a Socket.IO handler would end the process.
   */
  const on = <T>(
    event: ClientEvent,
    schema: z.ZodType<T>,
    handle: (message: T) => Promise<Answer> | Answer,
    { run = inTurn, onError = problem }: { run?: Run; onError?: (message: string) => Answer } = {},
  ) => {
    const answerTo = async (message: unknown): Promise<Answer> => {
      try {
        const parsed = schema.safeParse(message);
        return parsed.success ? await handle(parsed.data) : onError(describe(event, parsed.error));
      } catch (error) {
        report(`a client's "${event}" failed`, error);
        return onError('Something went wrong on our side.');
      }
    };
    client.on(event, async (...args: unknown[]) => {
      const ack = args.find((arg) => typeof arg === 'function');
      const respond = (answer: Answer) => {
        client.emit(answer.event, answer.body);
        ack?.(answer.body);
      };
      if (messages?.take(client.id).allowed === false) {
        refused += 1;
        // Refusing a message has a cost too, so that does not go on without limit.
        if (refused > limits.refused) client.disconnect(true);
        else respond(onError('Too many messages; send them more slowly.'));
        return;
      }
      const message = typeof args[0] === 'function' ? undefined : args[0];
      const done = await run(async () => respond(await answerTo(message)));
      if (done === LANE_FULL) respond(onError('Too many messages are waiting; send them more slowly.'));
    });
  };

  /**
   * Joins when the client can be sent what it missed, and when it is its turn. The whole join waits, because it must add
   * the client to the room and catch up in one synchronous step. A client that does not read thus gets the state of a
   * room once at most.
   */
  const whenReady = async <T>({ after }: Resume, step: () => T): Promise<T> => {
    if (after !== undefined) await drained(client.conn);
    return turn(step);
  };

  /**
   * Whether it is too early to answer a join: this server has not read what the client has seen, or cannot say whether
   * others have let this viewer into the rooms.
   */
  const isTooEarly = async ({ after = 0 }: Resume, rooms: readonly string[], viewer: Viewer): Promise<boolean> => {
    if ((await reach(after)) === 'unknown') return true;
    return !rooms.every((room) => mayJoin(viewer, room)) && !(await freshen());
  };

  /** The reason why this viewer may not join the rooms. A room that the viewer may not hear is reported as unknown. */
  const refuse = (rooms: readonly string[], viewer: Viewer): string | undefined => {
    if (new Set([...roomsOf(client), ...rooms]).size > limits.rooms)
      return `A client can be in at most ${limits.rooms} rooms.`;
    const refused = rooms.filter((room) => !mayJoin(viewer, room));
    return refused.length > 0 ? `There is no room ${refused.join(', ')}.` : undefined;
  };

  on(
    'authenticate',
    authenticateMessage,
    async ({ key, after, seen, log, ...claims }) => {
      const proven = key === undefined ? undefined : await viewerOfKey(key);
      if (key !== undefined && !proven) return notAuthenticated(INVALID_KEY);
      const tooEarly = await isTooEarly({ after }, roomsNamedBy(claims), proven ?? client.data.viewer);
      if (tooEarly) return notAuthenticated(TOO_EARLY);
      return whenReady({ after }, () => {
        const viewer = proven ?? client.data.viewer;
        const rooms = roomsNamedBy(claims);
        const refusal = refuse(rooms, viewer);
        if (refusal !== undefined) return notAuthenticated(refusal);
        if (viewer !== client.data.viewer) identify(client, viewer);
        join(client, rooms, { after, seen, log });
        // A client that changes its identity leaves the rooms that it joined with its previous claims.
        for (const room of roomsNamedBy(client.data.claims)) if (!rooms.includes(room)) void client.leave(room);
        client.data.claims = claims;
        return { event: 'authenticated', body: { success: true, clientId: client.id, timestamp: timestamp() } };
      });
    },
    { run: asJoin, onError: notAuthenticated },
  );

  on(
    'join-organization',
    joinMessage,
    async ({ organizationId, ...resume }) => {
      const room = organizationRoom(organizationId);
      if (await isTooEarly(resume, [room], client.data.viewer)) return problem(TOO_EARLY);
      return whenReady(resume, () => {
        const refusal = refuse([room], client.data.viewer);
        if (refusal !== undefined) return problem(refusal);
        join(client, [room], resume);
        if (room === EVERYONE) client.data.hasLeftEveryone = false;
        return { event: 'joined-organization', body: { organizationId, room, timestamp: timestamp() } };
      });
    },
    { run: asJoin },
  );

  on('leave-organization', leaveMessage, async ({ organizationId }) => {
    const room = organizationRoom(organizationId);
    await client.leave(room);
    if (room === EVERYONE) client.data.hasLeftEveryone = true;
    return leftMessage(room, now());
  });

  const atOnce: Run = (work) => work();
  on('ping', pingMessage, () => ({ event: 'pong', body: { timestamp: timestamp() } }), { run: atOnce });

  const auth = handshakeAuth.safeParse(client.handshake.auth);
  if (auth.error) client.emit('error', problem(describe('auth', auth.error)).body);
  const resume = auth.data ?? {};
  const joinEveryone = async () => {
    if (!(await isTooEarly(resume, [], client.data.viewer))) {
      return whenReady(resume, () => join(client, [EVERYONE], resume));
    }
    client.emit('error', problem(TOO_EARLY).body);
    // Closing makes a client reconnect, perhaps to another server.
    client.conn.close();
  };
  asJoin(joinEveryone).catch((error) => report('a client could not join the room of everyone', error));
}

/**
 * What the viewer may know about a client. On an open server: all its rooms and its claims. Otherwise: its rooms in the
 * viewer's organisations, and the id of its user if that user is a member there. `undefined` if it is in no such room.
 */
export function clientInfo(client: Client, viewer: Viewer): ClientInfo | undefined {
  const { connectedAt, claims, viewer: clientViewer } = client.data;
  const known = { clientId: client.id, connectedAt };
  if (viewer.organizations === 'all') return { ...claims, ...known, rooms: roomsOf(client) };
  const rooms = roomsOf(client).filter((room) => isMember(viewer, organizationOf(room)));
  if (rooms.length === 0) return undefined;
  // Do not reveal users who only listen to a public room: they belong to other organisations.
  const { kind, id } = clientViewer.actor;
  const isFellowMember = kind === 'user' && rooms.some((room) => isMember(clientViewer, organizationOf(room)));
  return { ...(isFellowMember && id !== undefined ? { userId: id } : {}), ...known, rooms };
}

/** The rooms that the client joined, without the private room that Socket.IO gives every socket. */
export function roomsOf({ id, rooms }: Client): string[] {
  return [...rooms].filter((room) => room !== id);
}

/** The message to a client that is no longer in a room: it left, or its viewer may no longer hear the room. */
export function leftMessage(room: string, now: Date): Answer {
  const body = { organizationId: organizationOf(room), room, timestamp: now.toISOString() };
  return { event: 'left-organization', body };
}

function problem(message: string): Answer {
  return { event: 'error', body: { message } };
}

const TOO_EARLY = 'This server cannot say at the moment whether others have recorded what this depends on; try again.';

export const INVALID_KEY = 'The API key is invalid, expired or revoked.';

export function notAuthenticated(message: string): Answer {
  return { event: 'authentication-error', body: { success: false, message } };
}

function describe(event: string, { issues }: z.ZodError): string {
  const details = issues.map(({ path, message }) => [...path, message].join(': '));
  return `Invalid "${event}" message: ${details.join('; ')}`;
}
