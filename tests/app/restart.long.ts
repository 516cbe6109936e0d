// restart.test.ts, and all that it tries.
import '../support/long.ts';
import './restart.test.ts';
