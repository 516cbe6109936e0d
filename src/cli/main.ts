#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// The entry point of the command line: connects the verbs to the environment, streams, signals and exit code of the
// process.
import { once } from 'node:events';
import dotenv from 'dotenv';
import { VARIABLES } from '../app/config.ts';
import { callVerb } from './command-line.ts';
import { Progress } from './progress.ts';
import type { Surroundings } from './verb.ts';

dotenv.config({ quiet: true });
const progress = new Progress(process.stderr);
const surroundings: Surroundings = {
  root: new URL('../', import.meta.url),
  dataDir: VARIABLES.shape.DATA_DIR.parse(process.env.DATA_DIR || undefined),
  async print(text) {
    progress.clear();
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  },
  note(sentence) {
    progress.clear();
    console.error(sentence);
  },
  progress,
  interrupted() {
    const controller = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
    return controller.signal;
  },
  env: process.env,
};

// The reader of a pipe closed it, as `head` does: that is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await callVerb(process.argv.slice(2), surroundings);
