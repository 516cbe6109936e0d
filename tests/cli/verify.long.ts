// What `npm test` leaves out of verify.test.ts.
import '../support/long.ts';
import './verify.test.ts';
