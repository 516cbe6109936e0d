// A timer that can be replaced: tests wind the clock by hand.

/** Calls back once, after so many milliseconds. What it returns cancels that. */
export type SetTimer = (wake: () => void, milliseconds: number) => () => void;

/** The timer of the system. It does not keep the process running. */
export const systemTimer: SetTimer = (wake, milliseconds) => {
  const timer = setTimeout(wake, milliseconds);
  timer.unref();
  return () => clearTimeout(timer);
};
