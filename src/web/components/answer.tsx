// The answer that everyone comes for: one sentence, what is not affected, and how fresh that is.
import type { ComponentChildren } from 'preact';
import type { ServiceStatus } from '../../../projections/events/severity.ts';
import type { Reading } from '../reply/reading.ts';
import { Filled } from './filled.tsx';
import { Glyph } from './glyph.tsx';
import { Moment } from './moment.tsx';

interface Props {
  readonly state: ServiceStatus;
  readonly headline: string;
  /** The language of the headline, where it is not that of the page. */
  readonly lang?: string | undefined;
  /** The line below. It may be empty. */
  readonly detail: ComponentChildren;
  /** Whether the page follows what happens. */
  readonly isLive?: boolean;
  readonly reading: Reading;
  /** What the organisation says of itself. */
  readonly about?: ComponentChildren;
  /** More about its time, between the live word and the time of the answer. */
  readonly children?: ComponentChildren;
}

export function Answer({ state, headline, lang, detail, isLive = false, about, reading, children }: Props) {
  return (
    <section class="answer" id="answer" aria-labelledby="headline">
      <div class="frame">
        <Glyph of={state} />
        <h1 id="headline" lang={lang}>
          {headline}
        </h1>
        {detail !== '' && <p class="more">{detail}</p>}
        <p class="pulse">
          {isLive && !reading.past && <span class="live" role="status" data-live-word />}
          {children}
          <AsOf reading={reading} />
        </p>
        {about}
        <p class="hidden" role="status" data-announce />
      </div>
    </section>
  );
}

/** "Sun 29 Nov, 10:42 in Berlin · 09:42 UTC". The script puts the reader's place, and where there was none, UTC beside it. */
function AsOf({ reading }: { readonly reading: Reading }) {
  const { words, formats, now, past } = reading;
  const at = past?.at ?? now;
  const moment = <Moment at={at} as="moment" reading={reading} />;
  if (formats.place === 'UTC') {
    return (
      <span class="as-of">
        {moment} <span data-place={at}>UTC</span>
      </span>
    );
  }
  const place = <span data-place>{formats.place}</span>;
  return (
    <span class="as-of">
      <Filled template={words.page.asOf} with={{ moment, place, utc: formats.utc(at) }} />
    </span>
  );
}
