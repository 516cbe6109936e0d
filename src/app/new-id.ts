// Makes UUIDv7 ids. Random bytes are drawn for many ids at once, because each draw is a system call.
import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Random bytes of one id, and of one draw. */
const ID_BYTES = 16;
const POOL_BYTES = 256 * ID_BYTES;

/** Returns a function that makes ids. */
export function createIds(): () => string {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  return () => {
    if (used === POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    used += ID_BYTES;
    return v7({ random: pool.subarray(used - ID_BYTES, used) });
  };
}
