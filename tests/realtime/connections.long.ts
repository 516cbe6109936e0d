// connections.test.ts, and all that it tries.
import '../support/long.ts';
import './connections.test.ts';
