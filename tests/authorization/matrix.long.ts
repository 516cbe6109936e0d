// matrix.test.ts, and all that it tries.
import '../support/long.ts';
import './matrix.test.ts';
