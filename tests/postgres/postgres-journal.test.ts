// The journal of several nodes: the promises of every journal.
import { durableJournalContract, journalContract } from '../log/journal.contract.ts';
import { postgresStorage } from '../support/journals.ts';

journalContract('PostgresJournal', postgresStorage);
durableJournalContract('PostgresJournal', postgresStorage);
