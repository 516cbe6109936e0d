// long-lists.test.ts, and all that it tries.
import '../support/long.ts';
import './long-lists.test.ts';
