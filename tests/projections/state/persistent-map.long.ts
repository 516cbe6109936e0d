// persistent-map.test.ts, and all that it tries.
import '../../support/long.ts';
import './persistent-map.test.ts';
