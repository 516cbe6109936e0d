// The parts that routes of entities need, with a log of their own, for tests that serve routes with a policy of their
// own.
import { v7 as newId } from 'uuid';
import { Dispatcher, type DryRun } from '../../src/commands/dispatch.ts';
import { createAsOf } from '../../src/http/as-of.ts';
import type { EntityParts } from '../../src/http/entity-parts.ts';
import { EventLog } from '../../src/log/event-log.ts';
import type { Journal } from '../../src/log/journal.ts';
import { pastOnMainThread } from '../../src/read-models/past-on-main-thread.ts';
import { Pasts } from '../../src/read-models/pasts.ts';
import { ReadModels } from '../../src/read-models/read-models.ts';
import { TimeTravel } from '../../src/read-models/time-travel.ts';
import { FoundOrganization } from '../../src/workflows/found-organization.ts';
import { memoryStorage } from './journals.ts';

interface Given {
  /** Default: a new one in memory. */
  readonly journal?: Journal;
  readonly eventsInMemory?: number;
}

/** Makes the parts and opens their log. The caller must close the log. */
export async function entityParts(
  given: Given = {},
): Promise<EntityParts & { readonly log: EventLog; readonly preview: DryRun; readonly found: FoundOrganization }> {
  const { journal = (await memoryStorage()).journal(), eventsInMemory = 1_000 } = given;
  const report = (message: string, error: unknown) => {
    throw new Error(message, { cause: error });
  };
  const log = new EventLog(journal, { newId, eventsInMemory, maxWaiting: 100, report });
  const models = new ReadModels(log.committed$, report);
  await log.open();
  const now = () => new Date();
  const { dispatch, preview } = new Dispatcher({ log, models, now, newId, maxWaiting: 100 });
  const timeTravel = new TimeTravel(log, models);
  const engine = pastOnMainThread(journal, models, { kept: 1_000_000, detour: 1_000 });
  const pasts = new Pasts(engine, log.committed$, { perPayer: 16, each: 16 });
  const asOf = createAsOf({ log, models, timeTravel, pasts, now });
  // Their viewers have no sessions.
  const found = new FoundOrganization({ dispatch, sessions: { isStored: async () => true } });
  return { log, models, dispatch, preview, asOf, found };
}
