// The free texts of events and entities: where they are, as JSON pointers (RFC 6901), and how they are blanked.

/** Replaces redacted text. */
export const BLANK = '[redacted]';

/**
 * A copy in which every string at or below the pointers is blanked; keys stay. A pointer to nothing changes nothing. In
 * an array, a token is the `id` of an item or, without ids, its index.
 */
export function blankAt<T>(whole: T, pointers: readonly string[]): T {
  return pointers.reduce<T>((value, pointer) => blankedAt(value, tokensOf(pointer)) as T, whole);
}

/** The strings at or below the pointer, each by its own pointer. */
export function textsAt(whole: unknown, pointer: string): ReadonlyMap<string, string> {
  const value = tokensOf(pointer).reduce(memberOf, whole);
  return new Map(textsIn(value, pointer));
}

function* textsIn(value: unknown, pointer: string): Generator<[string, string]> {
  if (typeof value === 'string') yield [pointer, value];
  if (!isNested(value)) return;
  for (const [token, item] of membersOf(value)) yield* textsIn(item, `${pointer}/${escaped(token)}`);
}

function blankedAt(value: unknown, [token, ...rest]: readonly string[]): unknown {
  if (token === undefined) return blanked(value);
  if (!isNested(value)) return value;
  return mapMembers(value, (item, own) => (own === token ? blankedAt(item, rest) : item));
}

function blanked(value: unknown): unknown {
  if (typeof value === 'string') return BLANK;
  return isNested(value) ? mapMembers(value, blanked) : value;
}

type Nested = readonly unknown[] | Readonly<Record<string, unknown>>;

function isNested(value: unknown): value is Nested {
  return typeof value === 'object' && value !== null;
}

function memberOf(value: unknown, token: string): unknown {
  return isNested(value) ? membersOf(value).find(([own]) => own === token)?.[1] : undefined;
}

/** The members of an object or the items of an array, each with its token. */
function membersOf(value: Nested): [string, unknown][] {
  return isList(value) ? value.map((item, index) => [tokenOf(item, index), item]) : Object.entries(value);
}

function mapMembers(value: Nested, change: (item: unknown, token: string) => unknown): Nested {
  if (isList(value)) return value.map((item, index) => change(item, tokenOf(item, index)));
  return Object.fromEntries(Object.entries(value).map(([token, item]) => [token, change(item, token)]));
}

function isList(value: Nested): value is readonly unknown[] {
  return Array.isArray(value);
}

function tokenOf(item: unknown, index: number): string {
  return isNested(item) && 'id' in item ? String(item.id) : String(index);
}

function tokensOf(pointer: string): string[] {
  return pointer.split('/').slice(1).map(unescaped);
}

function escaped(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescaped(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
