// rate-limiter.test.ts, and all that it tries.
import '../support/long.ts';
import './rate-limiter.test.ts';
