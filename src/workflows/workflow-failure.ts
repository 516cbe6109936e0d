// Why a workflow failed: a rule of a command or of identity refused it, or the log could not record it.
import type { Failure } from '../commands/dispatched.ts';
import type { AccountRejection } from '../identity/account-rejection.ts';

export type WorkflowFailure = Failure | AccountRejection;
