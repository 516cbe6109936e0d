// `plive upgrade finish`: after all servers of a database run a new version, lets nothing older use it.
import type { FinishedUpgrade } from '../../postgres/finish-upgrade.ts';
import { expectArguments, parseArguments } from '../arguments.ts';
import { STORAGE, withStorage } from '../open-storage.ts';
import { UsageError, type Verb } from '../verb.ts';

export const upgradeVerb: Verb = {
  name: 'upgrade',
  summary: 'Finish an upgrade of servers that share a database',
  usage: `plive upgrade finish [--force] [--database URL] [--json]

Servers of an older and a newer version can run side by side on a PostgreSQL database. When all of them run the newer one,
this lets it write what older versions do not know: from then on, they neither record nor read on. There is no way back to
them but a backup. Run it with the newer version; servers go on meanwhile.
It refuses while servers of an older version have been heard of within ten seconds, and names them; plive nodes lists all.
--force finishes nevertheless: those servers record nothing more, and show what they have read until they are stopped.
Exit code: 0 if it is finished, also if it was before, 2 if it is refused.`,
  async run(args, surroundings) {
    const [action = '', ...rest] = args;
    if (action !== 'finish') throw new UsageError(`Unknown action "${action}". The only action is: finish`);
    const { values, positionals } = parseArguments(rest, {
      ...STORAGE,
      force: { type: 'boolean' },
      json: { type: 'boolean' },
    });
    expectArguments(positionals);
    const { json = false, force = false, ...named } = values;
    const finished = await withStorage(named, surroundings, (storage) => storage.finishUpgrade({ force }));
    await surroundings.print(json ? `${JSON.stringify(finished)}\n` : written(finished));
    return 0;
  },
};

function written({ dataVersion, raised, stopped }: FinishedUpgrade): string {
  if (!raised) return `There is nothing to raise: servers need data version ${dataVersion} already.\n`;
  const lines = [`Servers need data version ${dataVersion} now to use this database.`];
  if (stopped.length > 0) lines.push(`These stop: ${stopped.join(', ')}`);
  return `${lines.join('\n')}\n`;
}
