// Compares the read models that a server would start with (the newest usable snapshot plus later events) with a full
// replay.
import { MODEL_NAMES, type Models } from '../../projections/models.ts';
import type { VerifyReport } from '../log/verify.ts';
import { stateHash } from '../read-models/state-hash.ts';
import { type Figures, figuresOf } from './entities.ts';
import { replayLog, resumeLog, type Then } from './replay-log.ts';
import type { Storage } from './storage.ts';
import type { Surroundings } from './verb.ts';

type Fault = VerifyReport['faults'][number];

export interface ProjectionsReport {
  /** The figures of the replay. */
  readonly projections: readonly Figures[];
  /** Position of the snapshot that they were compared with; `null` if there is none. */
  readonly snapshot: number | null;
  readonly faults: readonly Fault[];
}

/** Compares the read models of a log without faults. */
export function verifyProjections(
  storage: Storage,
  surroundings: Pick<Surroundings, 'progress' | 'note'>,
): Promise<ProjectionsReport> {
  return storage.withLog(async (log) => {
    // A server may append in the meantime, so both sides stop at the same head.
    const { head } = log;
    const [replayed] = await replayLog(log, [{ position: head }] as const, surroundings);
    const resumed = await resumeLog(log, head, surroundings);
    return {
      projections: figuresOf(replayed.models),
      snapshot: resumed?.snapshot ?? null,
      faults: [...replayed.faults.map(asFault), ...(resumed ? differences(replayed.models, resumed) : [])],
    };
  });
}

function asFault({ projection, organizationId, position }: Then['faults'][number]): Fault {
  return { position, problem: `The read model "${projection}" stopped here for the organisation "${organizationId}".` };
}

/** The read models that differ: the snapshot is wrong, or the events after it were folded differently. */
function differences(replayed: Models, { snapshot, models }: { snapshot: number; models: Models }): readonly Fault[] {
  return MODEL_NAMES.filter((name) => stateHash(replayed[name]) !== stateHash(models[name])).map((name) => ({
    position: snapshot,
    problem: `From the snapshot at this position, the read model "${name}" differs from a replay of the log.`,
  }));
}
