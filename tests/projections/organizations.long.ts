// organizations.test.ts, and all that it tries.
import '../support/long.ts';
import './organizations.test.ts';
