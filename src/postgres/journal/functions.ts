// The functions with which commits are recorded. The server keeps the plans of a function's statements, also behind a pooler:
// planned anew each time, they take three times as long.

/**
 * Writes what was sequenced, and notifies the nodes. Needs the lock of the head. For each new key some expired ones go, so that
 * they cannot accumulate and no transaction must delete a whole day of them.
 */
const RECORD = `
  create or replace function plive.record(
    notice text, new_events json, new_heads json, old_heads json,
    new_keys json, recorded text, expired_before text, most_expired integer
  ) returns void language plpgsql as $function$
  begin
    insert into plive.events
      (position, recorded_at, organization_id, stream, version, type, text, text_digest, meta, hash, blanks)
    select position, "recordedAt", "organizationId", stream, version, type, text, "textDigest", meta, hash, blanks
    from json_to_recordset(new_events) as new (position bigint, "recordedAt" text, "organizationId" text, stream text,
      version bigint, type text, text text, "textDigest" text, meta text, hash text, blanks bigint[]);
    insert into plive.chain_heads (organization_id, position, hash)
    select "organizationId", position, hash
    from json_to_recordset(new_heads) as new ("organizationId" text, position bigint, hash text);
    delete from plive.chain_heads using json_to_recordset(old_heads) as old ("organizationId" text, position bigint)
    where chain_heads.organization_id = "organizationId" and chain_heads.position = old.position;
    if most_expired > 0 then
      insert into plive.idempotency_keys (digest, fingerprint, first, last, recorded_at)
      select digest, fingerprint, first, last, recorded
      from json_to_recordset(new_keys) as new (digest text, fingerprint text, first bigint, last bigint);
      delete from plive.idempotency_keys where digest in (
        select digest from plive.idempotency_keys where recorded_at < expired_before
        order by recorded_at limit most_expired);
    end if;
    perform pg_notify('plive', notice);
  end
  $function$;
`;

/**
 * Takes the lock of the head, and records only if the log ends with the known event and everything else that the commits rest
 * on is as it was known. Else it changes nothing and returns false. Each statement sees what was committed before the lock was
 * granted, because the isolation level is `read committed`.
 */
const RECORD_AFTER = `
  create or replace function plive.record_after(
    known_position bigint, known_hash text, known_epoch integer, writer integer, clock bigint, tolerance integer,
    known_streams text[], known_versions bigint[],
    notice text, new_events json, new_heads json, old_heads json,
    new_keys json, recorded text, expired_before text, most_expired integer
  ) returns boolean language plpgsql as $function$
  begin
    if current_setting('transaction_isolation') <> 'read committed' then return false; end if;
    if current_setting('synchronous_commit') = 'off' then perform set_config('synchronous_commit', 'on', true); end if;
    perform set_config('lock_timeout', '2000', true);
    perform from plive.head where epoch = known_epoch for update;
    if not found then return false; end if;
    if abs(extract(epoch from clock_timestamp()) * 1000 - clock) > tolerance
      or not exists (select from plive.versions where least_writer <= writer)
      or not exists (select from (select position, hash from plive.events order by position desc limit 1) as last
        where (position, hash) = (known_position, known_hash))
      or exists (select from unnest(known_streams, known_versions) as known (stream, version)
        where known.version <> coalesce((select events.version from plive.events
          where events.stream = known.stream order by events.version desc limit 1), 0))
      or most_expired > 0 and exists (select from json_to_recordset(new_keys) as new (digest text)
        join plive.idempotency_keys using (digest))
    then return false; end if;
    perform plive.record(notice, new_events, new_heads, old_heads, new_keys, recorded, expired_before, most_expired);
    return true;
  end
  $function$;
`;

export const JOURNAL_FUNCTIONS = RECORD + RECORD_AFTER;
