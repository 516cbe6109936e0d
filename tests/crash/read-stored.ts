// A program that prints the stored events of a database as JSON. Its argument names the database.
import { argv, stdout } from 'node:process';
import { DatabaseSync } from '../../src/sqlite/driver.ts';

const SELECT = `
  SELECT position, recorded_at AS recordedAt, organization_id AS organizationId, stream, version, type, text, meta, hash
  FROM events ORDER BY position`;

const database = new DatabaseSync(argv[2] ?? '', { readOnly: true });
stdout.write(JSON.stringify(database.prepare(SELECT).all()));
