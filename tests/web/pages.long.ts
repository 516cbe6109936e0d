// pages.test.ts, and all that it tries.
import '../support/long.ts';
import './pages.test.ts';
