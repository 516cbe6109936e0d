// persistent-map.cases.ts, and all that it tries.
import '../../support/long.ts';
import './persistent-map.cases.ts';
