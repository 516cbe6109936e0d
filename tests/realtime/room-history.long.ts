// room-history.test.ts, and all that it tries.
import '../support/long.ts';
import './room-history.test.ts';
