// What `npm test` leaves out of live.test.ts.
import '../support/long.ts';
import './live.test.ts';
