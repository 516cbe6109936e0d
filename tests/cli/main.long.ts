// What `npm test` leaves out of main.test.ts.
import '../support/long.ts';
import './main.test.ts';
