// api.test.ts, and all that it tries.
import '../support/long.ts';
import './api.test.ts';
