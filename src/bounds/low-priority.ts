// Low priority: a thread whose work can wait leaves the processors to the threads that others wait for.
import { getPriority, platform, setPriority } from 'node:os';

/** As `nice` counts: the other threads get nine times as much of a processor that both need. */
const NICER = 10;
/** The lowest priority that there is. */
const NICEST = 19;

/** Lowers the priority of the calling thread, where the system has priorities of threads: elsewhere nothing changes. */
export function yieldToOthers(): void {
  if (platform() !== 'linux') return;
  try {
    setPriority(Math.min(NICEST, getPriority() + NICER));
  } catch {
    // A sandbox may forbid it.
  }
}
