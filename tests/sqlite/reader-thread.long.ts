// What `npm test` leaves out of reader-thread.test.ts.
import '../support/long.ts';
import './reader-thread.test.ts';
