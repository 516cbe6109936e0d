// All that backup-cases.ts tries; npm test has none of it.
import '../support/long.ts';
import './backup-cases.ts';
