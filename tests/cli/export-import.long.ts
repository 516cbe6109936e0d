// What `npm test` leaves out of export-import.test.ts.
import '../support/long.ts';
import './export-import.test.ts';
