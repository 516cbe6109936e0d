// Encodes each entity as JSON only once: an entity that has not changed is not encoded again.

/**
 * Encodes the shown form of entities. Entities are immutable, so the JSON is cached until the entity is
 * garbage-collected.
 */
export function jsonOnce<E extends object>(show: (entity: E) => object): (entity: E) => string {
  const encoded = new WeakMap<E, string>();
  return (entity) => {
    const cached = encoded.get(entity);
    if (cached !== undefined) return cached;
    const json = JSON.stringify(show(entity));
    encoded.set(entity, json);
    return json;
  };
}
