// What the API answers, from PostgreSQL.
import '../support/postgres-engine.ts';
import '../api/incidents/incidents.test.ts';
import '../api/incidents/retraction.test.ts';
import '../api/log/event-stream.test.ts';
import '../api/log/events.test.ts';
import '../api/organizations/organizations.test.ts';
import '../api/page/services.test.ts';
