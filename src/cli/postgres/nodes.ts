// `plive nodes`: lists the servers that share a PostgreSQL database.
import type { ListedNode } from '../../postgres/nodes/nodes.ts';
import { expectArguments, parseArguments } from '../arguments.ts';
import { STORAGE, withStorage } from '../open-storage.ts';
import { counted, table } from '../text.ts';
import type { Verb } from '../verb.ts';

export const nodesVerb: Verb = {
  name: 'nodes',
  summary: 'List the servers that share a database',
  usage: `plive nodes [--json] [--database URL]

Lists the servers that share a PostgreSQL database: their names (NODE_NAME), versions, the versions of tables and
events that they know (plive help upgrade), how far they have read the log, which of them runs what one runs for all, and when
they last said that they are there, which they do every three seconds. A server that was stopped is not listed; one that has
not been heard of for a day is forgotten.`,
  async run(args, surroundings) {
    const { values, positionals } = parseArguments(args, { ...STORAGE, json: { type: 'boolean' } });
    expectArguments(positionals);
    const { json = false, ...named } = values;
    const nodes = await withStorage(named, surroundings, (storage) => storage.nodes());
    await surroundings.print(json ? `${JSON.stringify(nodes)}\n` : written(nodes));
    return 0;
  },
};

function written(nodes: readonly ListedNode[]): string {
  return `${counted(nodes.length, 'node')}\n${nodes.length === 0 ? '' : table([COLUMNS, ...nodes.map(row)])}`;
}

const COLUMNS = ['name', 'version', 'data version', 'position', 'leases', 'last contact', 'address'];

function row({ name, version, dataVersion, position, leases, lastContact, url }: ListedNode): readonly string[] {
  return [name, version, String(dataVersion ?? 'unknown'), String(position), leases.join(', '), lastContact, url ?? ''];
}
