// What `npm test` leaves out of connections.test.ts.
import '../support/long.ts';
import './connections.test.ts';
