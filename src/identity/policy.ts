// The policy identifies the sender of a request. With `AUTH=open`, every client is anonymous and can do everything.
import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../../projections/viewer/viewer.ts';

export interface Policy {
  /**
   * The viewer who sent this request, over HTTP or as the handshake of a socket. `undefined` if it carries an invalid
   * key: such a request must be refused, not treated as anonymous. Rejects with a `JournalError` while it cannot be
   * known whether the session or key is still valid.
   */
  viewerOf(request: IncomingMessage): Promise<Viewer | undefined>;
  /** The viewer of an API key that was sent in another way than in a header; `undefined` if it is invalid. */
  viewerOfKey(key: string): Promise<Viewer | undefined>;
  /**
   * For long-lived connections: calls `end` once, within a second after the viewer's session or key is revoked or
   * expires. Returns an unsubscribe function; call it when the connection closes first.
   */
  whenEnded(viewer: Viewer, end: () => void): () => void;
}

const anyone: Viewer = { actor: { kind: 'anonymous' }, organizations: 'all', access: () => 'owner' };

/** The policy of `AUTH=open`: every client that reaches the server can see and do everything. */
export const openPolicy: Policy = {
  viewerOf: async () => anyone,
  viewerOfKey: async () => anyone,
  whenEnded: () => () => {},
};
