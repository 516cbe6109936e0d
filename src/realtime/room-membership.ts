// Room membership: adds clients to rooms and removes them, from the handshake until the session or key ends.
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { Policy } from '../identity/policy.ts';
import type { CatchUp } from './catch-up.ts';
import { type Client, leftMessage, notAuthenticated, roomsOf } from './client.ts';
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

  /** Registers a client whose viewer is known: the connection closes when that viewer's session or key ends. */
  readonly enter = (client: Client): void => {
    client.data.release = this.#closeWithCredential(client, client.data.viewer);
    client.once('disconnect', () => client.data.release());
  };

  /**
   * Adds a client to those of the rooms that its viewer may hear, and sends what it missed there. Must stay
   * synchronous, so that no commit falls between the state that is sent and the updates that follow.
   */
  readonly join = (client: Client, rooms: readonly string[], resume: Resume): void => {
    if (!client.connected) return;
    for (const room of rooms.filter((each) => mayJoin(client.data.viewer, each))) {
      // The in-memory adapter joins synchronously. Only other adapters return a promise.
      void client.join(room);
      this.#parts.catchUp.send(client, room, resume);
    }
  };

  /** Changes the viewer of a client, and removes the client from the rooms that this viewer may not hear. */
  readonly identify = (client: Client, viewer: Viewer): void => {
    if (!client.connected) return;
    client.data.release();
    client.data.viewer = viewer;
    client.data.release = this.#closeWithCredential(client, viewer);
    this.update(client);
  };

  /**
   * Removes a client from the rooms that its viewer may no longer hear. Adds it to the room of everyone if its viewer
   * may hear that room now.
   */
  update(client: Client): void {
    const { viewer, hasLeftEveryone } = client.data;
    for (const room of roomsOf(client).filter((each) => !mayJoin(viewer, each))) {
      void client.leave(room);
      const { event, body } = leftMessage(room, this.#parts.now());
      client.emit(event, body);
    }
    if (!hasLeftEveryone && !client.rooms.has(EVERYONE)) this.join(client, [EVERYONE], {});
  }

  /** Closes the connection when the viewer's session or key ends. Returns an unsubscribe function. */
  #closeWithCredential(client: Client, viewer: Viewer): () => void {
    return this.#parts.policy.whenEnded(viewer, () => {
      for (const room of roomsOf(client)) void client.leave(room);
      const { event, body } = notAuthenticated('The session has ended, or the API key was revoked or has expired.');
      client.emit(event, body);
      // Not `disconnect`, after which a client does not reconnect. Closing makes it reconnect and identify itself
      // again.
      client.conn.close();
    });
  }
}
