// The PostgreSQL identity store under the contract of all identity stores.
import { identityContract } from '../identity/identity-store.contract.ts';
import { postgresIdentity } from '../support/identity-stores.ts';

identityContract('PostgreSQL', postgresIdentity);
