// The command line, `plive <verb> …`: finds the verb, runs it, and turns errors into notes and exit codes.
import { JournalError } from '../log/journal.ts';
import { backupVerb } from './backup.ts';
import { diffVerb } from './diff.ts';
import { exportVerb } from './export.ts';
import { importVerb } from './import.ts';
import { logVerb } from './log.ts';
import { migrateVerb } from './postgres/migrate.ts';
import { nodesVerb } from './postgres/nodes.ts';
import { upgradeVerb } from './postgres/upgrade.ts';
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
  migrateVerb,
  nodesVerb,
  upgradeVerb,
];

const USAGE = `Usage: plive <verb> …

${VERBS.map(({ name, summary }) => `  ${name.padEnd(8)} ${summary}`).join('\n')}
  help     Show the usage of a verb: plive help <verb>

Exit code: 0 if all is well, 1 if something is wrong or differs, 2 if the command failed.`;

/** Runs the verb that the arguments name, and resolves with the exit code. Errors are printed as notes. */
export async function callVerb([name, ...args]: readonly string[], surroundings: Surroundings): Promise<number> {
  if (name === undefined) return complain(USAGE, surroundings);
  if (['help', '--help', '-h'].includes(name)) return help(args[0], surroundings);
  const verb = VERBS.find((each) => each.name === name);
  if (!verb) return unknownVerb(name, surroundings);
  if (args.includes('--help') || args.includes('-h')) return help(name, surroundings);
  return verb.run(args, surroundings).catch((error) => complain(sentence(error, verb), surroundings));
}

async function help(name: string | undefined, surroundings: Surroundings): Promise<number> {
  const verb = VERBS.find((each) => each.name === name);
  if (name !== undefined && !verb) return unknownVerb(name, surroundings);
  await surroundings.print(verb ? `Usage: ${verb.usage}\n` : `${USAGE}\n`);
  return 0;
}

function unknownVerb(name: string, surroundings: Surroundings): number {
  const names = VERBS.map((verb) => verb.name);
  return complain(`Unknown verb "${name}". ${suggestion(name, names)}\n\n${USAGE}`, surroundings);
}

function complain(text: string, { note }: Surroundings): number {
  // An argument in the wrong place is repeated in its sentence: the password in the address of a database is not.
  note(text.replace(/(postgres(?:ql)?:\/\/)(?!USER:PASSWORD@)\S*@/g, '$1…@'));
  return 2;
}

/** The message of an expected error; the stack of an unexpected one. */
function sentence(error: Error, { usage }: Verb): string {
  if (error instanceof UsageError) return `${error.message}\n\nUsage: ${usage}`;
  const isExpected = error instanceof VerbError || error instanceof JournalError || 'syscall' in error;
  return isExpected ? error.message : String(error.stack);
}
