// A program that prints the stored events of the database that it is given, as JSON.
import { argv, stdout } from 'node:process';
import { DatabaseSync } from '../../src/sqlite/driver.ts';

const SELECT = `
  SELECT position, recorded_at AS recordedAt, organization_id AS organizationId, stream, version, type, text, meta, hash
  FROM events ORDER BY position`;

const database = new DatabaseSync(argv[2] ?? '', { readOnly: true });
stdout.write(JSON.stringify(database.prepare(SELECT).all()));
