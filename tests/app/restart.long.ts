// What `npm test` leaves out of restart.test.ts.
import '../support/long.ts';
import './restart.test.ts';
