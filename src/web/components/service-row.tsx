// The row of a service in the table: name, days, uptime and state.

import { render } from 'preact-render-to-string';
import type { PageService } from '../../../projections/selectors/status-page.ts';
import { RecentMap } from '../../bounds/recent-map.ts';
import { entityPage, type Reading } from '../reply/reading.ts';
import { Glyph } from './glyph.tsx';
import { Strip } from './strip.tsx';
import { textLanguage } from './text-language.ts';

/** What all rows of a page have in common. */
interface Shared {
  /** The date of the last day of the strip. */
  readonly lastDay: string;
  readonly titles: Readonly<Record<string, string>>;
  readonly reading: Reading;
}

interface Props extends Shared {
  readonly service: PageService;
}

/** Rows that were rendered lately, of all pages: how many bytes they have together. */
const REMEMBERED = 32_000_000;
const remembered = new RecentMap<string, Buffer>(REMEMBERED, ({ length }) => length);

/** The rows as HTML. A change leaves most services of a page as they are, and their rows are most of the page. */
export function* serviceRows(services: readonly PageService[], shared: Shared): Generator<Buffer> {
  for (const service of services) {
    const props = { service, ...shared };
    const key = keyOf(props);
    const row = remembered.get(key) ?? Buffer.from(render(<ServiceRow {...props} />));
    remembered.set(key, row);
    yield row;
  }
}

/** All that the row is made from, as text. */
function keyOf({ service, lastDay, titles, reading }: Props): string {
  const { id, name, description, status, days, exceptions, uptime90, startDate, translations } = service;
  const { words, ownLanguage, zone, past } = reading;
  const named = exceptions.flatMap((day) => [...day.incidents, ...day.maintenances].map((each) => titles[each]));
  const shown = [id, name, description, status, days, exceptions, uptime90, startDate, translations, lastDay, named];
  return JSON.stringify([words.language, words.name, ownLanguage, zone, past?.query, ...shown]);
}

function ServiceRow({ service, lastDay, titles, reading }: Props) {
  const { words } = reading;
  const { id, name, description, status } = service;
  return (
    <li class="service" id={`service-${id}`}>
      <div class="name">
        <a href={entityPage(reading, 'services', id)} lang={textLanguage(service, 'name', reading)}>
          {name}
        </a>
        {description !== '' && <p lang={textLanguage(service, 'description', reading)}>{description}</p>}
      </div>
      {service.days !== '' && (
        <>
          <Strip service={service} lastDay={lastDay} titles={titles} reading={reading} />
          <Uptime service={service} reading={reading} />
        </>
      )}
      <p class={`state ${status}`}>
        <Glyph of={status} />
        {words.status[status]}
      </p>
    </li>
  );
}

function Uptime({ service: { uptime90 }, reading }: Pick<Props, 'service' | 'reading'>) {
  const { words, formats } = reading;
  return (
    <p class="uptime">
      <span class="hidden">{words.services.uptimeOver} </span>
      {uptime90 === null ? <Unknown reading={reading} /> : formats.percent(uptime90)}
      <span class="over" aria-hidden="true">
        {' '}
        {words.services.in90Days}
      </span>
    </p>
  );
}

function Unknown({ reading }: { readonly reading: Reading }) {
  return (
    <>
      <span aria-hidden="true">–</span>
      <span class="hidden">{reading.words.services.unknown}</span>
    </>
  );
}
