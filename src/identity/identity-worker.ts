// The worker thread of identity: it alone touches its tables, so that no fsync runs on the main loop.
import { answerCalls } from '../log/worker-line.ts';
import type { IdentityCalls } from './identity-protocol.ts';
import { openIdentityTables } from './identity-tables.ts';

const calls = {
  open(directory) {
    Object.assign(calls, openIdentityTables(directory));
  },
} as IdentityCalls;

answerCalls(calls);
