// What `npm test` leaves out of serve.test.ts.
import '../support/long.ts';
import './serve.test.ts';
