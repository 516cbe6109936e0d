// `plive log accept-fork`: lets servers go on with the log that a database has now.
import { expectArguments, parseArguments } from '../arguments.ts';
import { STORAGE, withStorage } from '../open-storage.ts';
import type { Surroundings } from '../verb.ts';

export async function acceptFork(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { values, positionals } = parseArguments(args, STORAGE);
  expectArguments(positionals);
  const position = await withStorage(values, surroundings, (storage) => storage.acceptFork());
  await surroundings.print(
    `The log of the database is the log now; its last event is at position ${position}. ` +
      'Servers that had another one read it now, without a restart.\n',
  );
  return 0;
}
