// esbuild puts this where a package of the bundles asks for its directory: only Socket.IO does, which sends its client from
// there.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';

export const __dirname = /* @__PURE__ */ dirname(/* @__PURE__ */ createRequire(import.meta.url).resolve('socket.io'));
