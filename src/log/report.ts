// The callback that reports unexpected errors to operators.

/** Called with an unexpected error, and with what failed because of it. */
export type Report = (message: string, error: unknown) => void;
