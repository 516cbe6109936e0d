// `npm run build`: builds everything that `npm start` runs, in dist/ or in the directory given as an argument.
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from './compile.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

try {
  await compile(root, resolve(process.argv[2] ?? join(root, 'dist')));
} catch (error) {
  // esbuild has already printed the errors in the sources.
  console.error(`Plive cannot be built: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
