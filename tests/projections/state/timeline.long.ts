// timeline.test.ts, and all that it tries.
import '../../support/long.ts';
import './timeline.test.ts';
