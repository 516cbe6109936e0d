// What `npm start` does, for each combination of an existing, a current and a possible build.
import { describe, expect, test } from '@jest/globals';
import { nextStep } from '../../src/packaging/readiness.js';

describe('the next step', () => {
  test.each([
    { isBuilt: true, isCurrent: true, hasCompiler: true, step: 'start' },
    { isBuilt: true, isCurrent: true, hasCompiler: false, step: 'start' },
    { isBuilt: true, isCurrent: false, hasCompiler: true, step: 'build' },
    { isBuilt: true, isCurrent: false, hasCompiler: false, step: 'start outdated' },
    { isBuilt: false, isCurrent: false, hasCompiler: true, step: 'build' },
    { isBuilt: false, isCurrent: false, hasCompiler: false, step: 'refuse' },
    // The hash exists, but the server was removed.
    { isBuilt: false, isCurrent: true, hasCompiler: true, step: 'build' },
    { isBuilt: false, isCurrent: true, hasCompiler: false, step: 'refuse' },
  ])('is to $step: built $isBuilt, current $isCurrent, compiler $hasCompiler', ({ step, ...checkout }) => {
    expect(nextStep(checkout)).toBe(step);
  });
});
