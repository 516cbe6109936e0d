// What `npm test` leaves out of catch-up.test.ts.
import '../support/long.ts';
import './catch-up.test.ts';
