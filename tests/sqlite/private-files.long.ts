// private-files.test.ts, and all that it tries.
import '../support/long.ts';
import './private-files.test.ts';
