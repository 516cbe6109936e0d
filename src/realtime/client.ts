// One connected client: what it may say, and how each message is answered.
import type { DefaultEventsMap, Socket } from 'socket.io';
import type { z } from 'zod';
import { LANE_FULL, Lanes } from '../commands/lanes.ts';
import type { RateLimiter } from '../commands/rate-limiter.ts';
import {
  type AuthenticateMessage,
  authenticateMessage,
  handshakeAuth,
  joinMessage,
  leaveMessage,
  pingMessage,
  type Resume,
} from './protocol.ts';
import { EVERYONE, organizationRoom, roomsNamedBy } from './rooms.ts';

interface ClientData {
  connectedAt: string;
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
  readonly now: () => Date;
  readonly report: (message: string, error: unknown) => void;
  /** How often a client may send a message, by its id. */
  readonly messages?: RateLimiter | undefined;
  /** Resolves with the rooms that it refused. */
  readonly join: (client: Client, rooms: readonly string[], resume: Resume) => Promise<readonly string[]>;
}

/** What a message is answered with: an event of this name, and the ack function where the client passed one. */
interface Answer {
  readonly event: string;
  readonly body: object;
}

/** How many rooms one client may be in. */
const MAX_ROOMS = 100;
/** How many messages of one client may wait for their turn. */
const MAX_WAITING = 200;
/** How many messages of one client are refused for their number before it is cut off. */
const MAX_REFUSED = 100;

/** Takes a new client in: it hears what goes to everyone, and may say what the protocol lists. */
export function listenTo(client: Client, { now, report, messages, join }: Surroundings): void {
  const timestamp = () => now().toISOString();
  client.data.connectedAt = timestamp();
  client.data.claims = {};

  // One message after another: a client that joins and then leaves must not end up inside.
  const turns = new Lanes(MAX_WAITING);
  let refused = 0;

  /** Handles one kind of message. Nothing a client sends may throw past this: it would end the process. */
  const on = <T>(
    event: string,
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
        if (refused > MAX_REFUSED) client.disconnect(true);
        else respond(onError('Too many messages; send them more slowly.'));
        return;
      }
      const message = typeof args[0] === 'function' ? undefined : args[0];
      const done = await turns.run(client.id, async () => respond(await answerTo(message)));
      if (done === LANE_FULL) respond(onError('Too many messages at once.'));
    });
  };

  /** Joins the rooms; resolves with the reason where it may not. */
  const enter = async (rooms: readonly string[], resume: Resume): Promise<string | undefined> => {
    if (new Set([...roomsOf(client), ...rooms]).size > MAX_ROOMS) return `A client may be in ${MAX_ROOMS} rooms.`;
    const refused = await join(client, rooms, resume);
    return refused.length > 0 ? `There is no room ${refused.join(', ')}.` : undefined;
  };

  on(
    'authenticate',
    authenticateMessage,
    async ({ after, seen, ...claims }) => {
      const rooms = roomsNamedBy(claims);
      const refusal = await enter(rooms, { after, seen });
      if (refusal !== undefined) return notAuthenticated(refusal);
      // Whoever is somebody else now hears no more of what they heard as who they were.
      for (const room of roomsNamedBy(client.data.claims)) if (!rooms.includes(room)) await client.leave(room);
      client.data.claims = claims;
      return { event: 'authenticated', body: { success: true, clientId: client.id, timestamp: timestamp() } };
    },
    notAuthenticated,
  );

  on('join-organization', joinMessage, async ({ organizationId, ...resume }) => {
    const room = organizationRoom(organizationId);
    const refusal = await enter([room], resume);
    if (refusal !== undefined) return problem(refusal);
    return { event: 'joined-organization', body: { organizationId, room, timestamp: timestamp() } };
  });

  on('leave-organization', leaveMessage, async ({ organizationId }) => {
    const room = organizationRoom(organizationId);
    await client.leave(room);
    return { event: 'left-organization', body: { organizationId, room, timestamp: timestamp() } };
  });

  on('ping', pingMessage, () => ({ event: 'pong', body: { timestamp: timestamp() } }));

  const auth = handshakeAuth.safeParse(client.handshake.auth);
  if (auth.error) client.emit('error', problem(describe('auth', auth.error)).body);
  turns
    .run(client.id, () => join(client, [EVERYONE], auth.data ?? {}))
    .catch((error) => report('a client could not be let in', error));
}

/** The client as others may see it. */
export function clientInfo(client: Client): ClientInfo {
  const { id, data } = client;
  return { clientId: id, ...data.claims, connectedAt: data.connectedAt, rooms: roomsOf(client) };
}

/** The rooms it joined; Socket.IO gives every socket another of its own. */
function roomsOf({ id, rooms }: Client): string[] {
  return [...rooms].filter((room) => room !== id);
}

function problem(message: string): Answer {
  return { event: 'error', body: { message } };
}

function notAuthenticated(message: string): Answer {
  return { event: 'authentication-error', body: { success: false, message } };
}

function describe(event: string, { issues }: z.ZodError): string {
  const details = issues.map(({ path, message }) => [...path, message].join(': '));
  return `"${event}" was not understood: ${details.join('; ')}`;
}
