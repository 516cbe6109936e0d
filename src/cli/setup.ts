// `plive setup`: prints the link that makes the first owner.
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import { organizationStream } from '../../projections/organizations.ts';
import { expectArguments, parseArguments } from './arguments.ts';
import { makeLink } from './links.ts';
import { STORAGE, withStorage } from './open-storage.ts';
import type { StoredLog } from './storage.ts';
import { type Verb, VerbError } from './verb.ts';

export const setupVerb: Verb = {
  name: 'setup',
  summary: 'Print the link that makes the first owner',
  usage: `plive setup [--data-dir DIR | --database URL]

Prints a link. The first person to open it becomes the owner of the server. The link works once, within a day, also on a
running server. In a data directory it replaces the link that the server printed. In a database the links that servers
printed work as well, until one of them is used.`,
  async run(args, surroundings) {
    const { values, positionals } = parseArguments(args, STORAGE);
    expectArguments(positionals);
    const link = await withStorage(values, surroundings, async (storage) => {
      await storage.begin();
      if (await storage.withLog(isOwned)) {
        throw new VerbError('This server has an owner already. For a new password, use: plive user reset EMAIL');
      }
      const setup = { purpose: 'setup', subjectId: '' } as const;
      return storage.withAccounts((accounts) => makeLink(accounts, setup, surroundings.env));
    });
    await surroundings.print(`${link}\n`);
    return 0;
  },
};

async function isOwned({ scan }: StoredLog): Promise<boolean> {
  for await (const _ of scan({ after: 0, limit: 1, stream: organizationStream(DEFAULT_ORGANIZATION) })) return true;
  return false;
}
