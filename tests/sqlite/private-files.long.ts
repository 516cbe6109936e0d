// What `npm test` leaves out of private-files.test.ts.
import '../support/long.ts';
import './private-files.test.ts';
