// What `npm test` leaves out of store-failures.test.ts.
import '../support/long.ts';
import './store-failures.test.ts';
