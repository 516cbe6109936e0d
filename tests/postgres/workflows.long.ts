// Workflows, on PostgreSQL.
import '../support/postgres-engine.ts';
import '../workflows/erase-account.test.ts';
import '../workflows/invite.test.ts';
import '../workflows/issue-key.test.ts';
import '../workflows/pictures.test.ts';
