// The bar of a page of the past: which moment it shows, the changes beside it, and the way back to now.
import type { Reading } from '../reply/reading.ts';
import { Filled } from './filled.tsx';
import { Moment } from './moment.tsx';

export function TimeBar({ reading }: { readonly reading: Reading }) {
  const { past, words, formats, path } = reading;
  if (!past) return null;
  const moment = <Moment at={past.at} as="fullMoment" reading={reading} />;
  return (
    <aside class="time-bar" aria-label={words.moment.choose}>
      <div class="frame">
        <p>
          <Filled template={words.moment.bar} with={{ moment, record: formats.number(past.position) }} />
        </p>
        <nav aria-label={words.moment.choose}>
          {past.position > 0 && <a href={`${path}?position=${past.position - 1}`}>{words.moment.earlier}</a>}
          <a href={`${path}?position=${past.position + 1}`}>{words.moment.later}</a>
          <a class="button" href={path}>
            {words.moment.now}
          </a>
        </nav>
      </div>
    </aside>
  );
}
