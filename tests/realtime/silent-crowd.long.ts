// silent-crowd.test.ts, and all that it tries.
import '../support/long.ts';
import './silent-crowd.test.ts';
