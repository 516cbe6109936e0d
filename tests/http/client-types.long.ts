// client-types.test.ts, and all that it tries.
import '../support/long.ts';
import './client-types.test.ts';
