// Makes one-time links without asking the server. Write access to its data directory is the only permission needed.
import { originOf, parseConfig } from '../app/config.ts';
import type { Link } from '../identity/identity-store.ts';
import { linkTo, newLink } from '../identity/links.ts';
import { type IdentityTables, openIdentityTables } from '../sqlite/identity/identity-tables.ts';
import { VerbError } from './verb.ts';

/** Makes a link and returns its URL. It replaces an earlier link for the same purpose and subject. */
export function makeLink(
  tables: IdentityTables,
  { purpose, subjectId }: Pick<Link, 'purpose' | 'subjectId'>,
  environment: NodeJS.ProcessEnv,
): string {
  const parsed = parseConfig(environment);
  if (!parsed.ok) throw new VerbError(parsed.problems.join('\n'));
  const { config } = parsed;
  if (config.auth === 'open') throw new VerbError('With AUTH=open there are no accounts: set AUTH=required.');
  const { token, link } = newLink({ purpose, subjectId }, new Date());
  tables.addLink(link, true);
  return linkTo(config.publicUrl ?? originOf(config), purpose, token);
}

/** Opens the tables of a data directory with a log, also while a server runs on it, and closes them after `work`. */
export function withIdentity<T>(directory: string, work: (tables: IdentityTables) => T): T {
  const tables = openIdentityTables(directory);
  try {
    return work(tables);
  } finally {
    tables.close();
  }
}
