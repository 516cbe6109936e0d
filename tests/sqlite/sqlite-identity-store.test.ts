// The SQLite identity store under the contract of all identity stores, in a file and in memory.

import { identityContract } from '../identity/identity-store.contract.ts';
import { memoryIdentity, sqliteIdentity } from '../support/identity-stores.ts';

identityContract('SQLite in memory', memoryIdentity);
identityContract('SQLite in a file', sqliteIdentity);
