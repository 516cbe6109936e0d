// reader-thread.test.ts, and all that it tries.
import '../support/long.ts';
import './reader-thread.test.ts';
