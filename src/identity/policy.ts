// Who a request comes from. With `AUTH=open` that is always anyone, who may do everything.
import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../../projections/viewer/viewer.ts';

export interface Policy {
  /**
   * Who sent this request, over HTTP or as the handshake of a socket. `undefined` where it carries a key that is not, or
   * not any more, valid: that must not pass for a stranger who asks for public things.
   */
  viewerOf(request: IncomingMessage): Promise<Viewer | undefined>;
  /** Who sends this API key by other means than a header; `undefined` likewise. */
  viewerOfKey(key: string): Promise<Viewer | undefined>;
  /**
   * Calls `end`, once, within a second of when the viewer's session or key ends: for what stays open that long. What it returns
   * is to be called where that is closed before.
   */
  whenEnded(viewer: Viewer, end: () => void): () => void;
}

const anyone: Viewer = { actor: { kind: 'anonymous' }, organizations: 'all', access: () => 'owner' };

/** `AUTH=open`: whoever reaches the server may see and do everything. */
export const openPolicy: Policy = {
  viewerOf: async () => anyone,
  viewerOfKey: async () => anyone,
  whenEnded: () => () => {},
};
