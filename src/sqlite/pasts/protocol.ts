// The messages between the main thread and the thread that reads the past.
import type { MessagePort } from 'node:worker_threads';
import type { JournalError } from '../../log/journal.ts';
import type { PastAnswer, PastQuestion } from '../../read-models/past-question.ts';
import type { PastStatesLimits } from '../../read-models/past-states.ts';

/** The worker data. */
export interface PastWorkerData {
  /** Connected to a worker of the journal, which reads the file. */
  readonly journal: MessagePort;
  readonly limits: PastStatesLimits;
}

/** A question is answered before the next one is asked. `abort` ends it. */
export type PastRequest = { readonly question: PastQuestion } | 'abort' | 'forget';

/** The bytes are transferred. */
export type PastResponse =
  | { readonly answer: Omit<PastAnswer, 'bytes'> & { readonly bytes: ArrayBuffer } }
  | { readonly error: Pick<JournalError, 'code' | 'message'> };
