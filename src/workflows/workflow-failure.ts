// Why a workflow did nothing: a rule refused it, identity refused it, or the log could not take it.
import type { Failure } from '../commands/dispatch.ts';
import type { AccountRejection } from '../identity/account-rejection.ts';

export type WorkflowFailure = Failure | AccountRejection;
