// verify.test.ts, and all that it tries.
import '../support/long.ts';
import './verify.test.ts';
