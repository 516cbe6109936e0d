// redaction.test.ts, and all that it tries.
import '../../support/long.ts';
import './redaction.test.ts';
