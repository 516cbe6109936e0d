// `npm start`: builds where the sources changed, then is the server. Production runs `node dist/src/server.js` itself.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inspect, nextStep } from './readiness.js';

const step = nextStep(inspect(fileURLToPath(new URL('../../', import.meta.url))));

if (step === 'refuse') {
  console.error(
    'Plive is not built, and typescript and esbuild, which build it, are not installed: npm ci --include=dev',
  );
  process.exit(1);
}
if (step === 'start outdated') {
  console.error(
    'The sources have changed since Plive was built, and no compiler is installed: this starts what was built.',
  );
}
if (step === 'build') {
  // In a process of its own: the server keeps nothing of the compilers.
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL('build.js', import.meta.url))], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

// In this process: signals and exit codes are the server's own.
await import(new URL('../../dist/src/server.js', import.meta.url).href);
