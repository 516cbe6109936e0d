// The SQLite journal under the contract of all journals. What only it promises is in sqlite-files.long.ts.
import { durableJournalContract, journalContract } from '../log/journal.contract.ts';
import { sqliteStorage } from '../support/journals.ts';

journalContract('SqliteJournal', sqliteStorage);
durableJournalContract('SqliteJournal', sqliteStorage);
