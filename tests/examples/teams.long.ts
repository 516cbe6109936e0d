// What `npm test` leaves out of teams.test.ts.
import '../support/long.ts';
import './teams.test.ts';
