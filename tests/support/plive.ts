// Runs the command line, in this process or in a child process, and captures its output and exit code.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { callVerb } from '../../src/cli/command-line.ts';
import { Progress } from '../../src/cli/progress.ts';
import { ROOT } from './root.ts';

/** The compiled entry point, next to the compiled tests. */
export const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

const FLAGS = ['--disable-warning=ExperimentalWarning', MAIN];

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Uses the directory as working and data directory, so that a developer's .env and data have no effect. */
function at(directory: string) {
  return { cwd: directory, env: { PATH: process.env.PATH, DATA_DIR: directory }, maxBuffer: 64 * 1024 * 1024 };
}

/**
 * Runs `plive` with these arguments in this process, because starting a child process takes longer than most verbs. The
 * environment is empty.
 */
export async function plive(directory: string, ...words: readonly string[]): Promise<Ended> {
  return pliveWith({}, directory, ...words);
}

/** Runs `plive` in this process with these environment variables. */
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
    env,
  });
  return { code, stdout, stderr };
}

/** Runs `plive` with these arguments as a child process, and resolves when it ends. */
export function runPlive(directory: string, ...words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(execPath, [...FLAGS, ...words], at(directory), (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** Runs `plive … --json` and resolves with the parsed output. Rejects unless the exit code is 0. */
export async function pliveJson<T = Record<string, unknown>>(
  directory: string,
  ...words: readonly string[]
): Promise<T> {
  const { code, stdout, stderr } = await plive(directory, ...words, '--json');
  if (code !== 0) throw new Error(`plive ${words.join(' ')}: ${code} ${stderr}`);
  return JSON.parse(stdout);
}

/** Starts `plive` with these arguments as a child process. The test must end it. */
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
    /** Resolves with the first match in the output. */
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
