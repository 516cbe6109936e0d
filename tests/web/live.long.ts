// live.test.ts, and all that it tries.
import '../support/long.ts';
import './live.test.ts';
