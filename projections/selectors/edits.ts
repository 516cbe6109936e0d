// Where to look for what an update said before it was edited: at the last moment before the edit.
interface Editable {
  readonly id: string;
  readonly editedAt?: string;
}

/** By the id of each edited update: the last moment before its last edit. */
export function momentsBeforeEdits(updates: readonly Editable[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    updates.flatMap(({ id, editedAt }) => (editedAt === undefined ? [] : [[id, justBefore(editedAt)]])),
  );
}

function justBefore(time: string): string {
  return new Date(Date.parse(time) - 1).toISOString();
}
