// Tests that need something of the machine: where it is missing they are left out aloud, but never in continuous integration.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, test } from '@jest/globals';

/** Whether a program is on the path. */
export function hasProgram(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((directory) => existsSync(join(directory, name)));
}

/** A group of tests that needs something; `missing` says what, where it is not there. In CI the tests run, and fail. */
export function describeNeeding(missing: string | false, name: string, tests: () => void): void {
  if (missing === false || process.env.CI === 'true') {
    describe(name, tests);
  } else {
    process.stderr.write(`NOT tried, because ${missing}: ${name}\n`);
    test.todo(`${name}: not tried, because ${missing}`);
  }
}
