// updates.test.ts, and all that it tries.
import '../support/long.ts';
import './updates.test.ts';
