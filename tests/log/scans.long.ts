// The contract of scans with every filter, for every journal.
import { memoryStorage, postgresStorage, sqliteStorage } from '../support/journals.ts';
import { scanContract } from './scan.contract.ts';

scanContract('MemoryJournal', memoryStorage);
scanContract('SqliteJournal', sqliteStorage);
scanContract('PostgresJournal', postgresStorage);
