// catch-up.test.ts, and all that it tries.
import '../support/long.ts';
import './catch-up.test.ts';
