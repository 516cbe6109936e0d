// Links that work once, made beside the server: whoever may use its directory may let people in.
import { originOf, parseConfig } from '../app/config.ts';
import type { Link } from '../identity/identity-store.ts';
import { linkTo, newLink } from '../identity/links.ts';
import { type IdentityTables, openIdentityTables } from '../sqlite/identity/identity-tables.ts';
import { VerbError } from './verb.ts';

/** Makes a link in place of any other for the same, and gives it as it is sent to people. */
export function makeLink(
  tables: IdentityTables,
  { purpose, subjectId }: Pick<Link, 'purpose' | 'subjectId'>,
  environment: NodeJS.ProcessEnv,
): string {
  const parsed = parseConfig(environment);
  if (!parsed.ok) throw new VerbError(parsed.problems.join('\n'));
  const { config } = parsed;
  if (config.auth === 'open') throw new VerbError('Nobody signs in where AUTH is open: set AUTH=required.');
  const { token, link } = newLink({ purpose, subjectId }, new Date());
  tables.addLink(link, true);
  return linkTo(config.publicUrl ?? originOf(config), purpose, token);
}

/** Works with the tables of a directory that holds a log, whether or not a server uses it. */
export function withIdentity<T>(directory: string, work: (tables: IdentityTables) => T): T {
  const tables = openIdentityTables(directory);
  try {
    return work(tables);
  } finally {
    tables.close();
  }
}
