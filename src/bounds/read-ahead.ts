// Reads ahead: requests the next item while the consumer processes the current one.

/** Yields the source's items in order, requesting each one item early. Rejects like the source, at the same item. */
export async function* readAhead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const items = source[Symbol.asyncIterator]();
  try {
    let next = items.next();
    for (let item = await next; !item.done; item = await next) {
      next = items.next();
      // If the consumer stops here, nothing awaits `next`, and its rejection would be unhandled.
      next.catch(() => {});
      yield item.value;
    }
  } finally {
    await items.return?.();
  }
}
