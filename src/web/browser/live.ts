// Hears of changes: a socket in the room of the page. It says that something has changed, the page itself says what.
import type { Socket } from 'socket.io-client';
import { learnTime } from './clock.ts';

/** A position, and the id of the log in which it is, if that is known. */
interface Place {
  readonly position: number;
  readonly log: string | undefined;
}

interface Handlers {
  /** The last position that the page shows, and in which log. */
  readonly shown: () => Place;
  /** The socket is in the room, or no longer. */
  readonly joined: (isJoined: boolean) => void;
  /** The page no longer hears whether the server is there, or hears it again. */
  readonly silent: (isSilent: boolean) => void;
  /** There was a sign of the server. */
  readonly heard: () => void;
  /** Something has changed. `isWhole`: perhaps more than can be told, or in a log that has begun anew. */
  readonly changed: (place: Place, isWhole: boolean) => void;
}

export interface Live {
  /** Tries to connect at once, if there is no connection. */
  retry(): void;
}

/** How long it may be quiet before the server is asked whether it is there, in milliseconds. */
const QUIET = 4_000;
/** How long it may take to answer. Both together are less than six seconds. */
const ANSWER = 1_800;
/** After this long without an answer the connection is given up, in milliseconds. */
const GIVEN_UP = 6_000;
/** How long an attempt to connect may take, in milliseconds. */
const PATIENCE = 10_000;
/** Between two attempts to connect, in milliseconds: at first, and at most where there was a connection. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 10_000;
/** At most where none has come: the server may have no place for more. */
const LONGEST_PAUSE_OUTSIDE = 60_000;

/** What the server sends in place of changes that it cannot tell one by one. */
const WHOLE = ['snapshot', 'resync'];

/** `room` is `org:<id>`. Loads the client of Socket.IO. */
export async function follow(room: string, handlers: Handlers): Promise<Live> {
  const { io } = await import('socket.io-client');
  const organizationId = room.replace(/^org:/, '');
  const socket = io({
    transports: ['websocket'],
    timeout: PATIENCE,
    reconnectionDelay: FIRST_PAUSE,
    reconnectionDelayMax: LONGEST_PAUSE_OUTSIDE,
  });
  const beat = createBeat(socket, handlers);

  socket.on('connect', () => {
    beat.begin();
    const { position: after, log } = handlers.shown();
    socket.emit('join-organization', { organizationId, after, log }, (answer: { room?: string }) => {
      if (answer.room !== room) return leave();
      socket.io.reconnectionDelayMax(LONGEST_PAUSE);
      handlers.joined(true);
    });
    // The server puts every socket into the room of the default organisation.
    if (organizationId !== 'default') socket.emit('leave-organization', { organizationId: 'default' });
  });
  socket.on('disconnect', () => {
    beat.end();
    handlers.joined(false);
  });
  socket.on('left-organization', (message: { room: string }) => {
    if (message.room === room) leave();
  });
  socket.on('joined-organization', ({ timestamp }: { timestamp: string }) => learnTime(timestamp));
  socket.onAny((event: string, message: unknown) => {
    beat.begin();
    const place = placeIn(event, message, room);
    if (place) handlers.changed(place, WHOLE.includes(event));
  });
  socket.io.on('ping', beat.begin);

  /** This reader may not hear the room, or no longer: what the page shows will say so. */
  function leave(): void {
    handlers.changed(handlers.shown(), true);
    socket.disconnect();
  }

  return {
    retry() {
      if (socket.connected) beat.ask();
      else socket.disconnect().connect();
    },
  };
}

/** The place of a change of this room. `undefined` for all other messages. */
function placeIn(event: string, message: unknown, room: string): Place | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { room: of, log, position, prev, test } = message as Record<string, unknown>;
  if (of !== room || test === true || typeof position !== 'number') return undefined;
  if (prev === undefined && !WHOLE.includes(event)) return undefined;
  return { position, log: typeof log === 'string' ? log : undefined };
}

/** Asks the server whether it is there whenever it has been quiet, as long as somebody looks. */
function createBeat(socket: Socket, { heard, silent }: Handlers) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isSilent = false;

  function say(next: boolean): void {
    if (next !== isSilent) silent(next);
    isSilent = next;
  }

  function begin(): void {
    clearTimeout(timer);
    heard();
    say(false);
    timer = setTimeout(ask, QUIET);
  }

  function ask(): void {
    clearTimeout(timer);
    if (document.hidden || !socket.connected) return;
    socket.emit('ping', {});
    timer = setTimeout(() => {
      say(true);
      timer = setTimeout(() => socket.io.engine.close(), GIVEN_UP);
    }, ANSWER);
  }

  function end(): void {
    clearTimeout(timer);
    say(false);
  }

  addEventListener('offline', () => say(true));
  return { begin, ask, end };
}
