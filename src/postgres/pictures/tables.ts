// The table of pictures.

export const PICTURE_TABLES = `
  create table plive.pictures (
    organization_id text collate "C",
    digest text collate "C",
    type text not null,
    bytes bytea not null,
    put_at timestamptz not null,
    primary key (organization_id, digest)
  );
  alter table plive.pictures alter column bytes set storage external;
`;
