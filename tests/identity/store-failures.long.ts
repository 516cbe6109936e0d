// store-failures.test.ts, and all that it tries.
import '../support/long.ts';
import './store-failures.test.ts';
