// The links of an entity to itself: its address to be copied, its records, and how it began.
import type { ComponentChildren } from 'preact';
import type { Reading } from '../reply/reading.ts';

interface Props {
  /** Positions of its first and its last event. */
  readonly records: { readonly first: number; readonly last: number };
  readonly reading: Reading;
  /** How to hear more of it, before the link to be copied. */
  readonly children: ComponentChildren;
}

export function EntityLinks({ records, reading: { words, path, past }, children }: Props) {
  return (
    <>
      <p class="ways">
        {children}
        <a class="button" data-copy href={path}>
          {words.incident.copyLink}
        </a>
      </p>
      <p class="small">
        {words.incident.records(records.first, records.last)}
        {!past && (
          <>
            {' · '}
            <a href={`${path}?position=${records.first}`}>{words.incident.asItBegan}</a>
          </>
        )}
      </p>
    </>
  );
}
