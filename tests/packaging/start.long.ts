// start.test.ts, and all that it tries.
import '../support/long.ts';
import './start.test.ts';
