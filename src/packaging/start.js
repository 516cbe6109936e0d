// `npm start`: builds if the sources changed, then runs the server. In production, run `node dist/src/server.js`
// directly.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inspect, nextStep } from './readiness.js';

const step = nextStep(inspect(fileURLToPath(new URL('../../', import.meta.url))));

if (step === 'refuse') {
  console.error(
    'Plive is not built, and the compilers (typescript and esbuild) are not installed: npm ci --include=dev',
  );
  process.exit(1);
}
if (step === 'start outdated') {
  console.error(
    'The sources have changed since the last build, but no compiler is installed: starting the outdated build.',
  );
}
if (step === 'build') {
  // Build in another process, so that the compilers take no memory of the server.
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL('build.js', import.meta.url))], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

// Run the server in this process, so that it receives signals and sets the exit code itself.
await import(new URL('../../dist/src/server.js', import.meta.url).href);
