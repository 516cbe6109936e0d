// rate-limit.test.ts, and all that it tries.
import '../support/long.ts';
import './rate-limit.test.ts';
