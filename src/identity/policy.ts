// Who a request comes from and what they may do. Until there are accounts one policy grants everything, here and nowhere else.
import type { IncomingMessage } from 'node:http';
import type { Viewer } from '../../projections/viewer.ts';

export interface Policy {
  /** Who sent this request, over HTTP or as the handshake of a socket. */
  viewerOf(request: IncomingMessage): Promise<Viewer>;
  /** Whether they may use what wants this access. */
  allows(viewer: Viewer, access: 'read' | 'write'): boolean;
}

const anyone: Viewer = { actor: { kind: 'anonymous' }, organizations: 'all', access: () => 'member' };

/** `AUTH=open`: whoever reaches the server may see and do everything. */
export const openPolicy: Policy = {
  viewerOf: async () => anyone,
  allows: () => true,
};
