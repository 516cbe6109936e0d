// Makes UUIDv7 ids, in order: the events of one commit are made within a millisecond. Random bytes are drawn for many ids
// at once, because each draw is a system call.
import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** Random bytes of one id, and of one draw. */
const ID_BYTES = 16;
const POOL_BYTES = 256 * ID_BYTES;
/** The bytes of an id that hold its counter. */
const COUNTER_AT = 6;
/** The counter begins below this, so that it does not overflow. */
const COUNTER_BEGIN = 2 ** 31;

/** Returns a function that makes ids. `now` is the time in milliseconds. */
export function createIds(now: () => number = Date.now): () => string {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  let [time, counter] = [0, 0];
  return () => {
    if (used === POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const random = pool.subarray(used, used + ID_BYTES);
    used += ID_BYTES;
    const current = now();
    // The counter goes on while the clock stands, or has been set back.
    counter = current > time ? random.readUInt32BE(COUNTER_AT) % COUNTER_BEGIN : counter + 1;
    time = Math.max(time, current);
    return v7({ random, msecs: time, seq: counter });
  };
}
