// What `npm test` leaves out of pages.test.ts.
import '../support/long.ts';
import './pages.test.ts';
