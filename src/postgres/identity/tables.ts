// The tables of identity. Unlike the log they are mutable, and their rows can be erased.

/**
 * Names and times of RFC 3339 are compared byte by byte. Times that all nodes must agree on (`until`, `full_at`) are
 * those of the database's clock.
 */
export const IDENTITY_TABLES = `
  create table plive.users (
    id text collate "C" primary key,
    email text collate "C" not null unique,
    name text not null,
    password text not null,
    created_at text not null
  );
  create table plive.sessions (
    id text collate "C" primary key,
    digest text collate "C" not null unique,
    user_id text collate "C" not null references plive.users on delete cascade,
    created_at text collate "C" not null,
    last_used_at text collate "C" not null,
    agent text not null
  );
  create index sessions_by_user on plive.sessions (user_id);
  create index sessions_by_use on plive.sessions (last_used_at);
  create index sessions_by_age on plive.sessions (created_at);
  create table plive.known_places (
    user_id text collate "C" references plive.users on delete cascade,
    digest text collate "C",
    last_used_at text collate "C" not null,
    primary key (user_id, digest)
  );
  create table plive.api_keys (
    id text collate "C" primary key,
    organization_id text collate "C" not null,
    digest text not null,
    last_used_at text collate "C"
  );
  create table plive.links (
    digest text collate "C" primary key,
    purpose text collate "C" not null,
    subject_id text collate "C" not null,
    organization_id text collate "C",
    expires_at text collate "C" not null,
    taken_addresses integer not null default 0,
    unique (purpose, subject_id)
  );
  create table plive.pending (
    id text collate "C" primary key,
    kind text collate "C" not null,
    step text not null,
    data text not null,
    at text not null,
    holder uuid not null,
    until timestamptz not null
  );
  create table plive.revocations (
    position bigint primary key,
    kind text not null,
    id text not null,
    at timestamptz not null
  );
  create table plive.attempts (
    key text collate "C" primary key,
    full_at timestamptz not null
  );
  create index attempts_by_time on plive.attempts (full_at);
`;
