// Reads ahead: what comes next is already asked for while what has come is made use of.

/** The same items in the same order, each asked for one item early. Rejects as the source does, when it comes to it. */
export async function* readAhead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const items = source[Symbol.asyncIterator]();
  try {
    let next = items.next();
    for (let item = await next; !item.done; item = await next) {
      next = items.next();
      // Whoever stops here never hears of it.
      next.catch(() => {});
      yield item.value;
    }
  } finally {
    await items.return?.();
  }
}
