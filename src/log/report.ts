// How what nobody foresaw is told.

/** Told of errors that nobody foresaw, and what they kept from happening. */
export type Report = (message: string, error: unknown) => void;
