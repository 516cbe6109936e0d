// fold-events.test.ts, and all that it tries.
import '../support/long.ts';
import './fold-events.test.ts';
