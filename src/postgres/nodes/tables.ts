// The table of nodes.

/** Each node writes its row again and again: with room in the page, and no column in an index, that is one small write. */
export const NODE_TABLES = `
  create table plive.nodes (
    name text collate "C" primary key,
    process uuid not null,
    version text not null,
    position bigint not null,
    url text,
    at timestamptz not null
  ) with (fillfactor = 50);
`;

/** The version of tables and events that a node knows. Nodes from before this column leave it out. */
export const NODE_DATA_VERSION = 'alter table plive.nodes add column data_version integer;';
