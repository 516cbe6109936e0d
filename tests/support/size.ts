// The size of tests: a part of the cases in `npm test`, all of them in `npm run test:long`.

let isLong = false;

/** Makes tests run all cases. `long.ts` calls this before a long test file is loaded. */
export function tryAll(): void {
  isLong = true;
}

/** Returns the first value in `npm test`, the second in `npm run test:long`. */
export function sized<T>(quick: T, long: T): T {
  return isLong ? long : quick;
}
