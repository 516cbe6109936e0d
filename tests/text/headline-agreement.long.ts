// headline-agreement.test.ts, with all random states.
import '../support/long.ts';
import './headline-agreement.test.ts';
