// organizations.cases.ts, and all that it tries.
import '../support/long.ts';
import './organizations.cases.ts';
