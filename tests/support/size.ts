// How much a test tries: a part of it in `npm test`, all of it in `npm run test:long`.

let isLong = false;

/** From now on tests try all of it: `long.ts` calls this before a long test file is loaded. */
export function tryAll(): void {
  isLong = true;
}

/** What a test takes: the first of these in `npm test`, the second one in `npm run test:long`. */
export function sized<T>(quick: T, long: T): T {
  return isLong ? long : quick;
}
