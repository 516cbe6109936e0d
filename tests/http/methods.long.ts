// methods.test.ts, and all that it tries.
import '../support/long.ts';
import './methods.test.ts';
