// Shares calls: callers that ask while a call is running get the result of the next one, so that none is older than its
// question.

/** Returns a function whose every result is of a call that began after it was asked for. At most one runs at a time. */
export function sharingCalls<T>(call: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  const begin = async () => {
    await running.catch(() => {});
    next = undefined;
    const result = call();
    running = result;
    return result;
  };
  return () => {
    next ??= begin();
    return next;
  };
}
