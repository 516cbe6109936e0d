#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// The command line: `plive <verb> …`. Finds the verb and runs it; the result is the exit code.
import { once } from 'node:events';
import dotenv from 'dotenv';
import { VARIABLES } from '../app/config.ts';
import { JournalError } from '../log/journal.ts';
import { backupVerb } from './backup.ts';
import { diffVerb } from './diff.ts';
import { exportVerb } from './export.ts';
import { importVerb } from './import.ts';
import { logVerb } from './log.ts';
import { Progress } from './progress.ts';
import { replayVerb } from './replay.ts';
import { serveVerb } from './serve.ts';
import { setupVerb } from './setup.ts';
import { showVerb } from './show.ts';
import { userVerb } from './user.ts';
import { type Surroundings, suggestion, UsageError, type Verb, VerbError } from './verb.ts';
import { verifyVerb } from './verify.ts';

const VERBS: readonly Verb[] = [
  serveVerb,
  setupVerb,
  userVerb,
  logVerb,
  showVerb,
  replayVerb,
  diffVerb,
  verifyVerb,
  exportVerb,
  importVerb,
  backupVerb,
];

const USAGE = `Usage: plive <verb> …

${VERBS.map(({ name, summary }) => `  ${name.padEnd(8)} ${summary}`).join('\n')}
  help     Show the usage of a verb: plive help <verb>

Exit code: 0 if all is well, 1 if something is wrong or differs, 2 if the command failed.`;

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
  process,
};

// The reader of the pipe has closed it, as head does: that is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await call(process.argv.slice(2));

async function call([name, ...words]: readonly string[]): Promise<number> {
  if (name === undefined) return complain(USAGE);
  if (['help', '--help', '-h'].includes(name)) return help(words[0]);
  const verb = VERBS.find((each) => each.name === name);
  if (!verb) return unknownVerb(name);
  if (words.includes('--help') || words.includes('-h')) return help(name);
  return verb.run(words, surroundings).catch((error) => complain(sentence(error, verb)));
}

async function help(name: string | undefined): Promise<number> {
  const verb = VERBS.find((each) => each.name === name);
  if (name !== undefined && !verb) return unknownVerb(name);
  await surroundings.print(verb ? `Usage: ${verb.usage}\n` : `${USAGE}\n`);
  return 0;
}

function unknownVerb(name: string): number {
  const names = VERBS.map((verb) => verb.name);
  return complain(`Unknown verb "${name}". ${suggestion(name, names)}\n\n${USAGE}`);
}

function complain(text: string): number {
  surroundings.note(text);
  return 2;
}

/** The message of an expected error; the stack of an unexpected one. */
function sentence(error: Error, { usage }: Verb): string {
  if (error instanceof UsageError) return `${error.message}\n\nUsage: ${usage}`;
  const isForeseen = error instanceof VerbError || error instanceof JournalError || 'syscall' in error;
  return isForeseen ? error.message : String(error.stack);
}
