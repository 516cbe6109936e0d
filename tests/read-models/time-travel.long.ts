// Runs time-travel.test.ts at its full size.
import '../support/long.ts';
import './time-travel.test.ts';
