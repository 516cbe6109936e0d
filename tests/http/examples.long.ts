// What `npm test` leaves out of examples.test.ts.
import '../support/long.ts';
import './examples.test.ts';
