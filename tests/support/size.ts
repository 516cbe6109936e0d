// The size of tests: a part of the cases in `npm test`, the others, or all, in `npm run test:long`.

import { describe, test } from '@jest/globals';

let isLong = false;

/** Makes tests run at the size of `npm run test:long`. `long.ts` calls this before a long test file is loaded. */
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

/** Describes tests that only `npm run test:long` runs. */
export function longTests(name: string, declare: () => void): void {
  if (isLong) describe(name, declare);
}

/** Declares a test that only `npm test` runs: `npm run test:long` would run the same once more. */
export function quickTest(name: string, run: () => Promise<void> | void): void {
  if (!isLong) test(name, run);
}

/** Describes tests that only `npm test` runs, because they are the same in any size. */
export function quickTests(name: string, declare: () => void): void {
  if (!isLong) describe(name, declare);
}
