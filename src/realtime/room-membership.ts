// Room membership: which rooms a client is in, from its handshake until its session or key ends.
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { Policy } from '../identity/policy.ts';
import type { CatchUp } from './catch-up.ts';
import { type Client, left, notAuthenticated, roomsOf } from './client.ts';
import type { Resume } from './protocol.ts';
import { EVERYONE, mayJoin } from './rooms.ts';

export interface RoomMembershipParts {
  readonly policy: Policy;
  readonly catchUp: CatchUp;
  readonly now: () => Date;
}

export class RoomMembership {
  readonly #parts: RoomMembershipParts;

  constructor(parts: RoomMembershipParts) {
    this.#parts = parts;
  }

  /** Takes in a client whose viewer is known: its connection ends with that viewer's session or key. */
  readonly enter = (client: Client): void => {
    client.data.release = this.#releaseOf(client, client.data.viewer);
    client.once('disconnect', () => client.data.release());
  };

  /**
   * Lets a client into those of the rooms that its viewer may hear, and sends what it missed there. This is one
   * synchronous tick, so no commit can fall between the state that is sent and the updates that follow it.
   */
  readonly join = (client: Client, rooms: readonly string[], resume: Resume): void => {
    if (!client.connected) return;
    for (const room of rooms.filter((each) => mayJoin(client.data.viewer, each))) {
      // The adapter in memory joins at once: what it returns is for adapters that do not.
      void client.join(room);
      this.#parts.catchUp.send(client, room, resume);
    }
  };

  /** Makes a client this viewer's, and takes it out of the rooms that this viewer may not hear. */
  readonly identify = (client: Client, viewer: Viewer): void => {
    if (!client.connected) return;
    client.data.release();
    client.data.viewer = viewer;
    client.data.release = this.#releaseOf(client, viewer);
    this.settle(client);
  };

  /** Takes a client out of the rooms that it may no longer hear, and into the room of everyone if it waits for that. */
  settle(client: Client): void {
    const { viewer, hasLeftEveryone } = client.data;
    for (const room of roomsOf(client).filter((each) => !mayJoin(viewer, each))) {
      void client.leave(room);
      const { event, body } = left(room, this.#parts.now());
      client.emit(event, body);
    }
    if (!hasLeftEveryone && !client.rooms.has(EVERYONE)) this.join(client, [EVERYONE], {});
  }

  /** Closes the connection when the viewer's session or key ends. Returns what stops waiting for that. */
  #releaseOf(client: Client, viewer: Viewer): () => void {
    return this.#parts.policy.whenEnded(viewer, () => {
      for (const room of roomsOf(client)) void client.leave(room);
      const { event, body } = notAuthenticated('The session or API key has ended.');
      client.emit(event, body);
      // Not a disconnect, after which clients stay away: they come back by themselves, as who they are then.
      client.conn.close();
    });
  }
}
