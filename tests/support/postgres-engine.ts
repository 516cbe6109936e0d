// Import this before a file of tests, so that what its servers would keep in memory is in PostgreSQL.
import { ReusedDatabases } from './postgres/reused.ts';
import { keepIn } from './start-app.ts';

keepIn(new ReusedDatabases());
