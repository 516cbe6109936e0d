// realtime/access.test.ts, on PostgreSQL.
import '../support/postgres-engine.ts';
import '../realtime/access.test.ts';
