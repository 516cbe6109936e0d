// Makes one-time links without asking the server. Write access to its data directory or database is the only permission
// needed.
import { originOf, parseConfig } from '../app/config.ts';
import type { Link } from '../identity/identity-store.ts';
import { linkTo, newLink } from '../identity/links.ts';
import type { StoredAccounts } from './storage.ts';
import { VerbError } from './verb.ts';

/** Makes a link and returns its URL. It replaces an earlier link for the same purpose and subject. */
export async function makeLink(
  accounts: StoredAccounts,
  { purpose, subjectId }: Pick<Link, 'purpose' | 'subjectId'>,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const parsed = parseConfig(environment);
  if (!parsed.ok) throw new VerbError(parsed.problems.join('\n'));
  const { config } = parsed;
  if (config.auth === 'open') throw new VerbError('With AUTH=open there are no accounts: set AUTH=required.');
  const { token, link } = newLink({ purpose, subjectId }, new Date());
  await accounts.addLink(link, true);
  return linkTo(config.publicUrl ?? originOf(config), purpose, token);
}
