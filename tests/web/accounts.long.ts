// accounts.test.ts, and all that it tries.
import '../support/long.ts';
import './accounts.test.ts';
