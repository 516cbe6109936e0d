// What `npm test` leaves out of start.test.ts.
import '../support/long.ts';
import './start.test.ts';
