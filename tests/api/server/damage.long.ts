// damage.test.ts, and all that it tries.
import '../../support/long.ts';
import './damage.test.ts';
