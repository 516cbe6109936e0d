// Import this before a test file: then the tests in it try all that `npm run test:long` tries.
import { tryAll } from './size.ts';

tryAll();
