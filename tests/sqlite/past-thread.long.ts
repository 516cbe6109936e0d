// past-thread.test.ts, and all that it tries.
import '../support/long.ts';
import './past-thread.test.ts';
