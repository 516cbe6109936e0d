// The journal of several nodes: the promises of every journal.
import { afterAll } from '@jest/globals';
import { durableJournalContract, journalContract } from '../log/journal.contract.ts';
import { postgresStorages } from '../support/journals.ts';

const storages = postgresStorages();
afterAll(storages.drop);

journalContract('PostgresJournal', storages.make);
durableJournalContract('PostgresJournal', storages.make);
