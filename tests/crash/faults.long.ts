// faults.test.ts, and all that it tries.
import '../support/long.ts';
import './faults.test.ts';
