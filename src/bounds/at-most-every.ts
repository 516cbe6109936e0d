// Passes calls on at most once an interval, with how many there were: for reports that an attack would repeat.

/** Returns a function that calls `tell` at once, and again at most once in `interval` milliseconds. */
export function atMostEvery(interval: number, tell: (calls: number) => void): () => void {
  let calls = 0;
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    calls += 1;
    const now = performance.now();
    if (now - last < interval) return;
    last = now;
    tell(calls);
    calls = 0;
  };
}
