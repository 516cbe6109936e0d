// What `npm test` leaves out of accounts.test.ts.
import '../../support/long.ts';
import './accounts.test.ts';
