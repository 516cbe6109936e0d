// Tests that need a program or permission of the machine. Without it they are reported as skipped, except in CI, where
// they fail.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, test } from '@jest/globals';

/** Whether a program is in the PATH. */
export function hasProgram(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((directory) => existsSync(join(directory, name)));
}

/** A group of tests with a requirement; `missing` names it if it is not met. In CI the tests run anyway, and fail. */
export function describeNeeding(missing: string | false, name: string, tests: () => void): void {
  if (missing === false || process.env.CI === 'true') {
    describe(name, tests);
  } else {
    process.stderr.write(`NOT tried, because ${missing}: ${name}\n`);
    test.todo(`${name}: not tried, because ${missing}`);
  }
}
