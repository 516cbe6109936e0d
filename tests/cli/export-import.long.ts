// export-import.test.ts, and all that it tries.
import '../support/long.ts';
import './export-import.test.ts';
