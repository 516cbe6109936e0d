// Runs faults.test.ts at its full size.
import '../support/long.ts';
import './faults.test.ts';
