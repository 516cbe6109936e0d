// resume.test.ts, and all that it tries.
import '../support/long.ts';
import './resume.test.ts';
