// Verifies a stored or exported log, with Node's SHA-256.
import type { Evidence } from '../../projections/chain/evidence.ts';
import { Inspection, type InspectionOptions, type InspectionReport } from '../../projections/chain/inspection.ts';
import { digest } from './chain.ts';

export type VerifyReport = InspectionReport;

/** Reads events in the order of their positions and reports their faults. */
export async function verify(
  pages: AsyncIterable<readonly Evidence[]>,
  options: InspectionOptions = {},
): Promise<VerifyReport> {
  const inspection = new Inspection(digest, options);
  for await (const page of pages) for (const evidence of page) inspection.inspect(evidence);
  return inspection.finish();
}
