// All that fuzz-http-cases.ts tries; npm test has none of it.
import '../support/long.ts';
import './fuzz-http-cases.ts';
