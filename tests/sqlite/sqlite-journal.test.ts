// The SQLite journal under the contract of durable journals. What else it promises is in sqlite-journal.long.ts, as all
// journals do, and in sqlite-files.long.ts, as it alone does.
import { durableJournalContract } from '../log/journal.contract.ts';
import { sqliteStorage } from '../support/journals.ts';

durableJournalContract('SqliteJournal', sqliteStorage);
