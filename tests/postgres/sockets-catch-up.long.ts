// realtime/catch-up.test.ts, on PostgreSQL.
import '../support/postgres-engine.ts';
import '../realtime/catch-up.test.ts';
