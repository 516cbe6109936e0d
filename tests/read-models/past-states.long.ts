// Runs past-states.test.ts at its full size.
import '../support/long.ts';
import './past-states.test.ts';
