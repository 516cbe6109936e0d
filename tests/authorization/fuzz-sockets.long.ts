// fuzz-sockets.test.ts, and all that it tries.
import '../support/long.ts';
import './fuzz-sockets.test.ts';
