// response-cache.test.ts, and all that it tries.
import '../../support/long.ts';
import './response-cache.test.ts';
