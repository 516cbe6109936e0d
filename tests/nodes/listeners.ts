// Clients of the realtime protocol that move between nodes: each comes back where it left, and must miss and repeat nothing.
import { io, type Socket } from 'socket.io-client';
import type { EntityUpdate, Snapshot } from '../../src/realtime/protocol.ts';
import { UPDATE_TYPES } from '../../src/realtime/protocol.ts';
import { Follower } from '../support/follower.ts';

export class Listener {
  readonly follower: Follower;
  /** How many updates it was sent. */
  heard = 0;
  /** How often it connected. */
  connections = 0;
  /** How often it was told to read everything again. */
  resyncs = 0;
  readonly #socket: Socket;

  /** `follower` is where another client left. */
  constructor(
    url: string,
    transports: readonly ('websocket' | 'polling')[] = ['websocket'],
    follower = new Follower(),
  ) {
    this.follower = follower;
    this.#socket = io(url, {
      transports: [...transports],
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 250,
      timeout: 3_000,
      auth: (tell) => tell(this.follower.resume),
    });
    this.#socket.on('connect', () => {
      this.connections += 1;
    });
    this.#socket.on('snapshot', (snapshot: Snapshot) => this.follower.load(snapshot));
    this.#socket.on('resync', () => {
      this.resyncs += 1;
    });
    for (const type of UPDATE_TYPES) {
      if (type !== 'status-update') this.#socket.on(type, (update: EntityUpdate) => this.#hear(update));
    }
  }

  /** Breaks its connection, so that it comes back, perhaps to another node. */
  move(): void {
    this.#socket.io.engine?.close();
  }

  close(): void {
    this.#socket.disconnect();
  }

  #hear(update: EntityUpdate): void {
    this.heard += 1;
    this.follower.hear(update);
  }
}
