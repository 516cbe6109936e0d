// What `npm test` leaves out of resume.test.ts.
import '../support/long.ts';
import './resume.test.ts';
