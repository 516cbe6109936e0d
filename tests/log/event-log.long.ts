// event-log.test.ts on SQLite, and with what is opened again.
import '../support/long.ts';
import './event-log.test.ts';
