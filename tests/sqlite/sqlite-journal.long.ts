// The SQLite journal under the contract of all journals; npm test holds it to that of the durable ones.
import { journalContract } from '../log/journal.contract.ts';
import { sqliteStorage } from '../support/journals.ts';

journalContract('SqliteJournal', sqliteStorage);
