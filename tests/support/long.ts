// Import this before a test file, so that its tests run at the size of `npm run test:long`.
import { tryAll } from './size.ts';

tryAll();
