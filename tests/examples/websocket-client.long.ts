// What `npm test` leaves out of websocket-client.test.ts.
import '../support/long.ts';
import './websocket-client.test.ts';
