// Entities as JSON, each written once: what did not change since is not encoded again.

/**
 * Writes what `show` makes of an entity as JSON. Entities never change, so the text of one is kept for as long as the
 * entity is.
 */
export function jsonOnce<E extends object>(show: (entity: E) => object): (entity: E) => string {
  const written = new WeakMap<E, string>();
  return (entity) => {
    const before = written.get(entity);
    if (before !== undefined) return before;
    const json = JSON.stringify(show(entity));
    written.set(entity, json);
    return json;
  };
}
