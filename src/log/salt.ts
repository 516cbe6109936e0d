// Salts: random bits in the public text of an event, so that its words cannot be guessed from its digest.
import { randomFillSync } from 'node:crypto';

/** Random bytes of one salt, and of one draw: each draw is a system call. */
const SALT_BYTES = 16;
const POOL_BYTES = 256 * SALT_BYTES;

/** Returns a function that makes salts: 128 random bits in 22 characters of base64url. */
export function createSalts(): () => string {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  return () => {
    if (used === POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    used += SALT_BYTES;
    return pool.toString('base64url', used - SALT_BYTES, used);
  };
}
