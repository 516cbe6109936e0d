// What `npm test` leaves out of clock.test.ts.
import '../support/long.ts';
import './clock.test.ts';
