// Nodes of two versions on one PostgreSQL: the build of these sources, and that of the commit before.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { temporaryDirectory } from '../support/journals.ts';
import { describeNeeding } from '../support/needs.ts';
import { withServer } from '../support/postgres.ts';
import { crashing } from './nemeses.ts';
import { run } from './run.ts';

const PREVIOUS = 'HEAD^';
const hasPrevious = spawnSync('git', ['rev-parse', '--verify', '--quiet', PREVIOUS]).status === 0;

describeNeeding(!hasPrevious && 'there is no earlier commit in this clone', 'two versions side by side', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await temporaryDirectory();
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  test('serve the same log, also when nodes of either are killed', async () => {
    const built = buildOf(PREVIOUS, directory);
    await withServer(async (server, { url, terminateBackends }) => {
      const database = { url, terminateBackends, crash: crashing(server) };
      const terms = { seed: 1, strikes: 1, pause: 2_000, only: 'kill', database, builds: [undefined, built] };
      const { faults, acknowledged } = await run(terms);
      expect(faults).toEqual([]);
      expect(acknowledged).toBeGreaterThan(50);
    });
  });
});

/** Builds the server of a commit, with the packages of these sources. Returns the directory of the build. */
function buildOf(commit: string, directory: string): string {
  const archive = join(directory, 'sources.tar');
  const sources = join(directory, 'sources');
  execFileSync('git', ['archive', '--output', archive, commit]);
  mkdirSync(sources);
  execFileSync('tar', ['--extract', '--file', archive, '--directory', sources]);
  symlinkSync(join(process.cwd(), 'node_modules'), join(sources, 'node_modules'));
  execFileSync(execPath, ['src/packaging/build.js', 'build'], { cwd: sources, stdio: 'ignore' });
  return join(sources, 'build');
}
