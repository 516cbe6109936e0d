// The tables of the journal.

/**
 * `head` has the row that each append locks. It is never updated: versions of a row that everybody reads pile up during a
 * long backup. For the same reason chain heads are added and removed, with their position in the key.
 *
 * Names are compared byte by byte (`collate "C"`): an upgrade of the system's locales cannot damage the indexes.
 * `events.blanks` has the positions that the commit which begins with this event has blanked.
 */
export const JOURNAL_TABLES = `
  create table plive.head (
    id integer primary key check (id = 1),
    epoch integer not null
  );
  insert into plive.head values (1, 1);

  create table plive.events (
    position bigint primary key,
    recorded_at text collate "C" not null,
    organization_id text collate "C" not null,
    stream text collate "C" not null,
    version bigint not null,
    type text collate "C" not null,
    text text not null,
    text_digest text,
    meta text not null,
    hash text not null,
    blanks bigint[],
    unique (stream, version)
  );
  create index events_by_organization on plive.events (organization_id, position, type);
  create index events_by_type on plive.events (type, position, organization_id);
  create index events_that_blank on plive.events (position) where blanks is not null;

  create table plive.chain_heads (
    organization_id text collate "C",
    position bigint,
    hash text not null,
    primary key (organization_id, position)
  );

  create table plive.idempotency_keys (
    digest text collate "C" primary key,
    fingerprint text not null,
    first bigint not null,
    last bigint not null,
    recorded_at text collate "C" not null
  );
  create index idempotency_keys_by_age on plive.idempotency_keys (recorded_at);

  create table plive.leases (
    name text collate "C" primary key,
    holder text not null,
    epoch integer not null,
    until timestamptz not null
  );

  create table plive.snapshots (
    id uuid primary key,
    format text collate "C" not null,
    position bigint not null,
    is_complete boolean not null,
    begun_at timestamptz not null
  );
  create table plive.snapshot_parts (
    snapshot uuid references plive.snapshots on delete cascade,
    part integer,
    text text not null,
    primary key (snapshot, part)
  );
`;
