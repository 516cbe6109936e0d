// New ids: UUIDv7, with randomness that is drawn for many at once, because each draw waits for the system.
import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** In bytes. */
const ONE = 16;
const POOL = 256 * ONE;

/** Makes new ids. */
export function createIds(): () => string {
  const pool = new Uint8Array(POOL);
  let used = POOL;
  return () => {
    if (used === POOL) {
      randomFillSync(pool);
      used = 0;
    }
    used += ONE;
    return v7({ random: pool.subarray(used - ONE, used) });
  };
}
