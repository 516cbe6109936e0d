// canary.test.ts, and all that it tries.
import '../support/long.ts';
import './canary.test.ts';
