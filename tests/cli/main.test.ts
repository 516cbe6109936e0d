// The command line as such: verbs by their names, help, exit codes, and a reader that leaves.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Progress } from '../../src/cli/progress.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { MAIN, plive, runPlive } from '../support/plive.ts';
import { addServices } from '../support/rest.ts';
import { longTest } from '../support/size.ts';
import { startApp } from '../support/start-app.ts';

const VERBS = [
  'serve',
  'log',
  'show',
  'replay',
  'diff',
  'verify',
  'export',
  'import',
  'backup',
  'migrate',
  'nodes',
  'upgrade',
];

let directory: string;

beforeAll(async () => {
  directory = await temporaryDirectory();
});
afterAll(() => rm(directory, { recursive: true }));

describe('help', () => {
  test.each([['help'], ['--help'], ['-h']])('%s names every verb', async (word) => {
    const { code, stdout, stderr } = await plive(directory, word);
    expect([code, stderr]).toEqual([0, '']);
    for (const verb of VERBS) expect(stdout).toMatch(new RegExp(`^  ${verb} +[A-Z]`, 'm'));
  });

  test.each(VERBS)('of %s says how it is called, and nothing is done', async (verb) => {
    const usage = { code: 0, stdout: expect.stringMatching(new RegExp(`^Usage: plive ${verb}\\b`)), stderr: '' };
    expect(await plive(directory, 'help', verb)).toEqual(usage);
    expect(await plive(directory, verb, '--help')).toEqual(usage);
  });
});

describe('a call that is wrong', () => {
  test.each<[readonly string[], RegExp]>([
    [[], /^Usage: plive <verb>/],
    [['improt', 'file'], /^Unknown verb "improt"\. Did you mean "import"\?/],
    [['help', 'relpay'], /^Unknown verb "relpay"\. Did you mean "replay"\?/],
    [['serve', 'now'], /^Unexpected argument "now".*\n\nUsage: plive serve/],
    [['log', '--tail', 'few'], /^--tail is "few"\. It must be a whole number, 0 or greater\.\n\nUsage: plive log/],
    [['log', '--tail', '1', '--limit', '1'], /^Use either --limit or --tail, not both\./],
    [['log', '--type', 'service.create'], /^Unknown event type "service\.create"\. Did you mean "service\.created"\?/],
    [['log', '--file', 'a', '--follow'], /^--follow needs a data directory/],
    [['log', '--file', 'a', '--data-dir', 'b'], /^Use either --data-dir or --file, not both\./],
    [['log', 'all'], /^Unexpected argument "all"\./],
    [['show'], /^The stream is missing\./],
    [['show', 'invoice-1'], /^"invoice-1" is not a stream\. Streams are named service-<id> or incident-<id> or/],
    [['replay', '--until', 'noon'], /^"noon" is not a position, and not a time/],
    [['replay', '--projection', 'service'], /^Unknown projection "service"\. Did you mean "services"\?/],
    [['diff', '1'], /^The second moment is missing\./],
    [['import'], /^The file is missing\./],
    [['backup'], /^The target is missing\./],
  ])('%j is refused with a sentence', async (words, sentence) => {
    const { code, stdout, stderr } = await plive(directory, ...words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(sentence);
  });

  test.each(['log', 'replay', 'verify', 'export'])('%s says where there is no log', async (verb) => {
    const nowhere = { code: 2, stdout: '', stderr: 'There is no log in /nowhere/at/all.\n' };
    expect(await plive(directory, verb, '--data-dir', '/nowhere/at/all')).toEqual(nowhere);
  });

  test('a file of something else is no log', async () => {
    const file = join(directory, 'letter');
    await writeFile(file, 'Dear Sir\n');
    const refused = { code: 2, stdout: '', stderr: 'Line 1 of the file is not an event.\n' };
    expect(await plive(directory, 'replay', '--file', file)).toEqual(refused);
  });
});

describe('as a process it', () => {
  test('prints on stdout and ends with 0 where all is well', async () => {
    const ended = await runPlive(directory, '--help');
    expect(ended).toEqual({ code: 0, stdout: expect.stringMatching(/^Usage: plive <verb>/), stderr: '' });
  });

  longTest('takes DATA_DIR from its environment, says on stderr what cannot be done, and ends with 2', async () => {
    const none = { code: 2, stdout: '', stderr: `There is no log in ${directory}.\n` };
    expect(await runPlive(directory, 'log')).toEqual(none);
  });

  longTest('ends with 1 where something is wrong', async () => {
    const file = join(directory, 'torn.ndjson');
    await writeFile(file, '{"position":1');
    const refused = { code: 1, stdout: '', stderr: expect.stringContaining(`${file} was not imported.`) };
    expect(await runPlive(directory, 'import', file)).toEqual(refused);
  });
});

longTest('a reader that leaves ends it without a complaint', async () => {
  const data = await temporaryDirectory();
  const app = await startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: data });
  // More than a pipe holds.
  await addServices(app, 200, 'x'.repeat(2_000));
  const script = `set -o pipefail; "${process.execPath}" --disable-warning=ExperimentalWarning "${MAIN}" log --json | head -n 1`;
  const shell = spawn('bash', ['-c', script], {
    env: { DATA_DIR: data, PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  shell.stdout.on('data', (text) => {
    stdout += text;
  });
  shell.stderr.on('data', (text) => {
    stderr += text;
  });
  expect(await once(shell, 'close')).toEqual([0, null]);
  expect([JSON.parse(stdout).position, stderr]).toEqual([1, '']);
  await app.close();
  await rm(data, { recursive: true });
});

describe('progress', () => {
  const terminal = (isTTY: boolean) => {
    const written: string[] = [];
    return { isTTY, written, write: (text: string) => written.push(text) };
  };

  test('is a line on a terminal, which is taken away again', () => {
    const screen = terminal(true);
    const progress = new Progress(screen);
    progress.show('Replaying', 25, 100);
    progress.clear();
    progress.clear();
    expect(screen.written).toEqual(['\r\u001b[KReplaying: 25 [######                  ] of 100', '\r\u001b[K']);
  });

  test('is nothing elsewhere', () => {
    const file = terminal(false);
    const progress = new Progress(file);
    progress.show('Replaying', 25, 100);
    progress.clear();
    expect(file.written).toEqual([]);
  });
});
