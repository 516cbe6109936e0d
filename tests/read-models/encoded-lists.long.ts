// encoded-lists.test.ts, and all that it tries.
import '../support/long.ts';
import './encoded-lists.test.ts';
