// integrity-check.test.ts, and all that it tries.
import '../support/long.ts';
import './integrity-check.test.ts';
