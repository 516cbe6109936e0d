// Reads the past of a journal on the main thread, in slices: of a journal in memory, or behind a network.
import { findIn } from '../../projections/entity-kind.ts';
import { KINDS } from '../../projections/kinds.ts';
import type { Journal, ScanOptions } from '../log/journal.ts';
import type { DeletedAmong } from './past-answer.ts';
import type { PastEngine } from './past-question.ts';
import { PastReader } from './past-reader.ts';
import type { PastStatesLimits } from './past-states.ts';
import type { ReadModels } from './read-models.ts';

/** `models` are the current read models: what is not in them was deleted. */
export function pastOnMainThread(journal: Journal, models: ReadModels, limits: PastStatesLimits): PastEngine {
  const deletedAmong: DeletedAmong = async (aggregate, ids) => {
    const kind = KINDS.find((each) => each.aggregate === aggregate);
    return new Set(ids.filter((id) => !kind || findIn(kind, models.current, id) === undefined));
  };
  const { snapshots } = journal;
  const source = { scan: (options: ScanOptions) => journal.scan(options), ...(snapshots ? { snapshots } : {}) };
  return new PastReader({ ...source, deletedAmong }, limits);
}
