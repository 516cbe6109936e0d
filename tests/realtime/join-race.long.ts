// join-race.test.ts, and all that it tries.
import '../support/long.ts';
import './join-race.test.ts';
