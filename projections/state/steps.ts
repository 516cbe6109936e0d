// Work in steps: whoever does it may do something else between two of them, or all at once.

/** Does all steps at once. */
export function atOnce<T>(steps: Iterator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
