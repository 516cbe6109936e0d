// Who a request comes from. With `AUTH=open` that is always anyone, who may do everything.
import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../../projections/viewer.ts';

export interface Policy {
  /**
   * Who sent this request, over HTTP or as the handshake of a socket. `undefined` where it carries a key that is not, or
   * not any more, valid: that must not pass for a stranger who asks for public things.
   */
  viewerOf(request: IncomingMessage): Promise<Viewer | undefined>;
}

const anyone: Viewer = { actor: { kind: 'anonymous' }, organizations: 'all', access: () => 'owner' };

/** `AUTH=open`: whoever reaches the server may see and do everything. */
export const openPolicy: Policy = { viewerOf: async () => anyone };
