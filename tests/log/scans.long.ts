// The contract of scans with every filter, for both journals.
import '../support/long.ts';
import { memoryStorage, sqliteStorage } from '../support/journals.ts';
import { scanContract } from './scan.contract.ts';

scanContract('MemoryJournal', memoryStorage);
scanContract('SqliteJournal', sqliteStorage);
