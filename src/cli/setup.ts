// `plive setup`: prints the link that makes the first owner.
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import { organizationStream } from '../../projections/organizations.ts';
import { eventPages } from '../sqlite/journal/event-pages.ts';
import { hasLogFile, openLogFile, openLogFileToRead } from '../sqlite/log-file.ts';
import { expectArguments, parseArguments } from './arguments.ts';
import { makeLink, withIdentity } from './links.ts';
import { type Verb, VerbError } from './verb.ts';

export const setupVerb: Verb = {
  name: 'setup',
  summary: 'Print the link that makes the first owner',
  usage: `plive setup [--data-dir DIR]

Prints a link. The first person to open it becomes the owner of the server. The link works once, within a day, also on a
running server, and replaces the link that the server printed.`,
  async run(args, { dataDir, print, process }) {
    const { values, positionals } = parseArguments(args, { 'data-dir': { type: 'string' } });
    expectArguments(positionals);
    const directory = values['data-dir'] ?? dataDir;
    if (!hasLogFile(directory)) openLogFile(directory).close();
    if (isOwned(directory)) {
      throw new VerbError('This server has an owner already. For a new password, use: plive user reset EMAIL');
    }
    const setup = { purpose: 'setup', subjectId: '' } as const;
    await print(`${withIdentity(directory, (tables) => makeLink(tables, setup, process.env))}\n`);
    return 0;
  },
};

function isOwned(directory: string): boolean {
  const { database, close } = openLogFileToRead(directory);
  try {
    return eventPages(database)({ after: 0, stream: organizationStream(DEFAULT_ORGANIZATION) }).events.length > 0;
  } finally {
    close();
  }
}
