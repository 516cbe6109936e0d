// What `npm test` leaves out of damage.test.ts.
import '../../support/long.ts';
import './damage.test.ts';
