// time-travel.test.ts, and all that it tries.
import '../../support/long.ts';
import './time-travel.test.ts';
