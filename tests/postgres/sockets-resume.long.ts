// realtime/resume.test.ts, on PostgreSQL.
import '../support/postgres-engine.ts';
import '../realtime/resume.test.ts';
