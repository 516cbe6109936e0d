// What `npm test` leaves out of links.test.ts.
import '../support/long.ts';
import './links.test.ts';
