// timeline.cases.ts, and all that it tries.
import '../../support/long.ts';
import './timeline.cases.ts';
