// fuzz-http.test.ts, and all that it tries.
import '../support/long.ts';
import './fuzz-http.test.ts';
