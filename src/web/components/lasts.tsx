// How long something has gone on. The script counts it; on a page of the past it stands still.
import type { Reading } from '../reply/reading.ts';

interface Props {
  /** RFC 3339. */
  readonly since: string;
  readonly reading: Reading;
}

export function Lasts({ since, reading: { formats, past } }: Props) {
  if (!past) return <span class="ticking" data-lasts={since} />;
  return <span>{formats.duration(Math.max(0, Date.parse(past.at) - Date.parse(since)) / 1_000)}</span>;
}
