// websocket-client.test.ts, and all that it tries.
import '../support/long.ts';
import './websocket-client.test.ts';
