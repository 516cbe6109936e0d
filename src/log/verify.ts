// Verifies a stored or exported log, with Node's SHA-256, and tells each fault in a sentence.
import type { Evidence } from '../../projections/chain/evidence.ts';
import { Inspection, type InspectionOptions, type InspectionReport } from '../../projections/chain/inspection.ts';
import { sentenceOf } from '../../projections/chain/problems.ts';
import { digest } from './chain.ts';
import type { Fault } from './journal.ts';

export interface VerifyReport extends Omit<InspectionReport, 'faults'> {
  readonly faults: readonly Fault[];
}

/** Reads events in the order of their positions and reports their faults. */
export async function verify(
  pages: AsyncIterable<readonly Evidence[]>,
  options: InspectionOptions = {},
): Promise<VerifyReport> {
  const inspection = new Inspection(digest, options);
  for await (const page of pages) for (const evidence of page) inspection.inspect(evidence);
  const { faults, ...report } = inspection.finish();
  return {
    ...report,
    faults: faults.map(({ position, problems }) => ({ position, problem: problems.map(sentenceOf).join(' ') })),
  };
}
