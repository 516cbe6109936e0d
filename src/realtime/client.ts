// One connected client: what it may say, and how each message is answered.
import type { DefaultEventsMap, Socket } from 'socket.io';
import type { z } from 'zod';
import { isMember, type Viewer } from '../../projections/viewer/viewer.ts';
import { LANE_FULL, Lanes } from '../bounds/lanes.ts';
import type { RateLimiter } from '../bounds/rate-limiter.ts';
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

interface ClientData {
  connectedAt: string;
  /** Who it is, by its handshake or by the key that it has sent since. */
  viewer: Viewer;
  /** Stops waiting for the end of the viewer's session or key. */
  release: () => void;
  /** Whether it has left the room of everyone itself, and so is not to be let in again. */
  hasLeftEveryone: boolean;
  /** What the client says of itself. Shown, never believed. */
  claims: Pick<AuthenticateMessage, 'userId' | 'organizationId' | 'tenantId' | 'userRole'>;
}

export type Client = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, ClientData>;

export interface ClientInfo extends Readonly<ClientData['claims']> {
  readonly clientId: string;
  readonly connectedAt: string;
  readonly rooms: readonly string[];
}

interface Surroundings {
  readonly limits: ClientLimits;
  readonly now: () => Date;
  readonly report: Report;
  /** How often a client may send a message, by its id. */
  readonly messages?: RateLimiter | undefined;
  readonly viewerOfKey: Policy['viewerOfKey'];
  /** Makes the client this viewer's from now on. */
  readonly identify: (client: Client, viewer: Viewer) => void;
  /** Lets the client into those of the rooms that it may hear. */
  readonly join: (client: Client, rooms: readonly string[], resume: Resume) => void;
}

/** What a message is answered with: an event of this name, and the ack function where the client passed one. */
interface Answer {
  readonly event: string;
  readonly body: object;
}

/** What one client may take up. */
export interface ClientLimits {
  /** How many rooms it may be in. */
  readonly rooms: number;
  /** How many of its messages may wait for their turn. */
  readonly waiting: number;
  /** How many of its messages are refused for their number before it is cut off. */
  readonly refused: number;
}

/** Takes a new client in: it hears what goes to everyone, and may say what the protocol lists. */
export function listenTo(client: Client, surroundings: Surroundings): void {
  const { limits, now, report, messages, viewerOfKey, identify, join } = surroundings;
  const timestamp = () => now().toISOString();
  client.data.connectedAt = timestamp();
  client.data.claims = {};
  client.data.hasLeftEveryone = false;

  // One message after another: a client that joins and then leaves must not end up inside.
  const turns = new Lanes(limits.waiting);
  let refused = 0;

  /** Handles one kind of message. Nothing a client sends may throw past this: it would end the process. */
  const on = <T>(
    event: ClientEvent,
    schema: z.ZodType<T>,
    handle: (message: T) => Promise<Answer> | Answer,
    onError: (message: string) => Answer = problem,
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
        // Even refusing costs something.
        if (refused > limits.refused) client.disconnect(true);
        else respond(onError('Too many messages; send them more slowly.'));
        return;
      }
      const message = typeof args[0] === 'function' ? undefined : args[0];
      const done = await turns.run(client.id, async () => respond(await answerTo(message)));
      if (done === LANE_FULL) respond(onError('Too many messages are waiting; send them more slowly.'));
    });
  };

  /** Why it may not join the rooms, as this viewer. A room that is not theirs to hear is unknown to them. */
  const refuse = (rooms: readonly string[], viewer: Viewer): string | undefined => {
    if (new Set([...roomsOf(client), ...rooms]).size > limits.rooms)
      return `A client can be in at most ${limits.rooms} rooms.`;
    const refused = rooms.filter((room) => !mayJoin(viewer, room));
    return refused.length > 0 ? `There is no room ${refused.join(', ')}.` : undefined;
  };

  on(
    'authenticate',
    authenticateMessage,
    async ({ key, after, seen, ...claims }) => {
      const viewer = key === undefined ? client.data.viewer : await viewerOfKey(key);
      if (!viewer) return notAuthenticated(INVALID_KEY);
      const rooms = roomsNamedBy(claims);
      const refusal = refuse(rooms, viewer);
      if (refusal !== undefined) return notAuthenticated(refusal);
      if (viewer !== client.data.viewer) identify(client, viewer);
      join(client, rooms, { after, seen });
      // Whoever is somebody else now hears no more of what they heard as who they were.
      for (const room of roomsNamedBy(client.data.claims)) if (!rooms.includes(room)) await client.leave(room);
      client.data.claims = claims;
      return { event: 'authenticated', body: { success: true, clientId: client.id, timestamp: timestamp() } };
    },
    notAuthenticated,
  );

  on('join-organization', joinMessage, ({ organizationId, ...resume }) => {
    const room = organizationRoom(organizationId);
    const refusal = refuse([room], client.data.viewer);
    if (refusal !== undefined) return problem(refusal);
    join(client, [room], resume);
    if (room === EVERYONE) client.data.hasLeftEveryone = false;
    return { event: 'joined-organization', body: { organizationId, room, timestamp: timestamp() } };
  });

  on('leave-organization', leaveMessage, async ({ organizationId }) => {
    const room = organizationRoom(organizationId);
    await client.leave(room);
    if (room === EVERYONE) client.data.hasLeftEveryone = true;
    return left(room, now());
  });

  on('ping', pingMessage, () => ({ event: 'pong', body: { timestamp: timestamp() } }));

  const auth = handshakeAuth.safeParse(client.handshake.auth);
  if (auth.error) client.emit('error', problem(describe('auth', auth.error)).body);
  turns
    .run(client.id, async () => join(client, [EVERYONE], auth.data ?? {}))
    .catch((error) => report('a client could not be let in', error));
}

/**
 * The client as whoever asks may know it: what it says of itself where everyone is believed, else who it is, to those
 * who belong to an organisation that it hears of. `undefined` where it hears of none of theirs.
 */
export function clientInfo(client: Client, asker: Viewer): ClientInfo | undefined {
  const { connectedAt, claims, viewer } = client.data;
  const known = { clientId: client.id, connectedAt };
  if (asker.organizations === 'all') return { ...claims, ...known, rooms: roomsOf(client) };
  const rooms = roomsOf(client).filter((room) => isMember(asker, organizationOf(room)));
  if (rooms.length === 0) return undefined;
  // Who reads along where anyone may is of their own organisations alone.
  const { kind, id } = viewer.actor;
  const isOfThem = kind === 'user' && rooms.some((room) => isMember(viewer, organizationOf(room)));
  return { ...(isOfThem && id !== undefined ? { userId: id } : {}), ...known, rooms };
}

/** The rooms it joined; Socket.IO gives every socket another of its own. */
export function roomsOf({ id, rooms }: Client): string[] {
  return [...rooms].filter((room) => room !== id);
}

/** That a client is not in a room any more: because it left, or because it may not hear what is said there. */
export function left(room: string, now: Date): Answer {
  const body = { organizationId: organizationOf(room), room, timestamp: now.toISOString() };
  return { event: 'left-organization', body };
}

function problem(message: string): Answer {
  return { event: 'error', body: { message } };
}

export const INVALID_KEY = 'The API key is invalid, expired or revoked.';

export function notAuthenticated(message: string): Answer {
  return { event: 'authentication-error', body: { success: false, message } };
}

function describe(event: string, { issues }: z.ZodError): string {
  const details = issues.map(({ path, message }) => [...path, message].join(': '));
  return `Invalid "${event}" message: ${details.join('; ')}`;
}
