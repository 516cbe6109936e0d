// examples/look-back.sh, run as it is, beside a server that others write to as well.
import { rm } from 'node:fs/promises';
import { execPath } from 'node:process';
import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '../support/journals.ts';
import { describeNeeding, hasProgram } from '../support/needs.ts';
import { MAIN } from '../support/plive.ts';
import { startApp } from '../support/start-app.ts';
import { runExample } from './running-example.ts';

describeNeeding(!hasProgram('curl') && 'there is no curl', 'the look back', () => {
  test('comes to the moment before the incident was resolved, by position and by time', async () => {
    const directory = await temporaryDirectory();
    const app = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: directory, SAMPLE_DATA: 'true' });
    const environment = { DATA_DIR: directory, PLIVE: `${execPath} --disable-warning=ExperimentalWarning ${MAIN}` };

    const run = runExample('bash', ['examples/look-back.sh'], app.url, environment);

    expect([await run.ended, run.output]).toEqual([0, expect.stringContaining('was identified by the replay and')]);
    expect(run.output).toMatch(/~ service \S+\n {4}status: "partial" → "operational"\n/);
    expect(run.output).toMatch(/~ incident \S+\n {4}status: "identified" → "resolved"\n/);
    await app.close();
    await rm(directory, { recursive: true });
  });
});
