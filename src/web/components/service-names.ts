// The names of the services that something affects, as the page calls them: in the language of its reader, and as of now.

interface Affecting {
  readonly affectedServices: readonly string[];
  readonly affectedServiceIds: readonly string[];
}

/** By the id of a service that is there. */
export type NamesOfServices = Readonly<Record<string, string>>;

/** Words that name no service stay as they were written; a service that was deleted has no name any more. */
export function namesOf(
  { affectedServices, affectedServiceIds }: Affecting,
  names: NamesOfServices,
): readonly string[] {
  if (affectedServiceIds.length === 0) return affectedServices;
  return affectedServiceIds.flatMap((id) => names[id] ?? []);
}
