// Runs an example as a process of its own, as its reader would, and listens to what it prints.
import { spawn } from 'node:child_process';

export interface RunningExample {
  /** Resolves once the whole output so far contains a match. */
  printed(pattern: RegExp): Promise<void>;
  /** Everything that it has printed so far, errors included. */
  readonly output: string;
  /** Its exit code; `null` where a signal ended it. */
  readonly ended: Promise<number | null>;
  signal(name: 'SIGINT' | 'SIGTERM'): void;
}

export function runExample(
  command: string,
  args: readonly string[],
  url: string,
  environment: Readonly<Record<string, string>> = {},
): RunningExample {
  const child = spawn(command, args, { env: { ...process.env, ...environment, PLIVE_URL: url } });
  const waiting = new Map<RegExp, () => void>();
  let output = '';
  const settle = () => {
    for (const [pattern, resolve] of waiting) if (pattern.test(output)) resolve();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      settle();
    });
  }
  return {
    get output() {
      return output;
    },
    ended: new Promise((resolve, reject) => child.on('error', reject).on('close', resolve)),
    printed(pattern) {
      return new Promise((resolve) => {
        waiting.set(pattern, resolve);
        settle();
      });
    },
    signal: (name) => child.kill(name),
  };
}
