// Runs rate-limiter.test.ts at its full size.
import '../support/long.ts';
import './rate-limiter.test.ts';
