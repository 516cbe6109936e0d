// The size of tests: a part of the cases in `npm test`, all of them in `npm run test:long`.

import { test } from '@jest/globals';

let isLong = false;

/** Makes tests run all cases. `long.ts` calls this before a long test file is loaded. */
export function tryAll(): void {
  isLong = true;
}

/** Returns the first value in `npm test`, the second in `npm run test:long`. */
export function sized<T>(quick: T, long: T): T {
  return isLong ? long : quick;
}

/** Declares a test that only `npm run test:long` runs. */
export function longTest(name: string, run: () => Promise<void> | void): void {
  if (isLong) test(name, run);
}
