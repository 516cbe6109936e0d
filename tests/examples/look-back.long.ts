// All that look-back-cases.ts tries; npm test has none of it.
import '../support/long.ts';
import './look-back-cases.ts';
