// cases.test.ts, and all that it tries.
import '../support/long.ts';
import './cases.test.ts';
