// The command line: what a call prints, and its exit code; in this process, or in one of its own.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { callVerb } from '../../src/cli/command-line.ts';
import { Progress } from '../../src/cli/progress.ts';
import { ROOT } from './root.ts';

/** The compiled entry, beside the compiled tests. */
export const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

const FLAGS = ['--disable-warning=ExperimentalWarning', MAIN];

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A directory that is where it runs and its data directory keeps a developer's .env and data away from it. */
function at(directory: string) {
  return { cwd: directory, env: { PATH: process.env.PATH, DATA_DIR: directory }, maxBuffer: 64 * 1024 * 1024 };
}

/**
 * Does what `plive` does with these words, without a process of its own, which takes longer to start than most verbs take.
 * The environment is the one that is given.
 */
export async function plive(directory: string, ...words: readonly string[]): Promise<Ended> {
  return pliveWith({}, directory, ...words);
}

/** The same with environment variables. */
export async function pliveWith(
  env: Record<string, string>,
  directory: string,
  ...words: readonly string[]
): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  const code = await callVerb(words, {
    root: ROOT,
    dataDir: directory,
    async print(text) {
      stdout += text;
    },
    note(sentence) {
      stderr += `${sentence}\n`;
    },
    progress: new Progress({ write: () => {} }),
    interrupted: () => new AbortController().signal,
    process: { env, stdout: process.stdout, once: refuseServer, exit: refuseServer },
  });
  return { code, stdout, stderr };
}

function refuseServer(): never {
  throw new Error('A server needs a process of its own.');
}

/** Runs `plive` with these words as a process, to its end. */
export function runPlive(directory: string, ...words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(execPath, [...FLAGS, ...words], at(directory), (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** What it prints as JSON where all is well. */
export async function pliveJson<T = Record<string, unknown>>(
  directory: string,
  ...words: readonly string[]
): Promise<T> {
  const { code, stdout, stderr } = await plive(directory, ...words, '--json');
  if (code !== 0) throw new Error(`plive ${words.join(' ')}: ${code} ${stderr}`);
  return JSON.parse(stdout);
}

/** Starts `plive` with these words, to be ended by the test. */
export function startPlive(directory: string, environment: Record<string, string>, ...words: readonly string[]) {
  const { cwd, env } = at(directory);
  const child = spawn(execPath, [...FLAGS, ...words], { cwd, env: { ...env, ...environment } });
  let output = '';
  let look = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      look();
    });
  }
  return {
    child: child as ChildProcess,
    get output() {
      return output;
    },
    ended: new Promise<number | null>((resolve) => child.on('close', resolve)),
    /** Resolves with the match once the output so far holds one. */
    printed: (pattern: RegExp) =>
      new Promise<RegExpExecArray>((resolve) => {
        look = () => {
          const match = pattern.exec(output);
          if (match) resolve(match);
        };
        look();
      }),
  };
}
