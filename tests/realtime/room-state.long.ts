// room-state.test.ts, and all that it tries.
import '../support/long.ts';
import './room-state.test.ts';
