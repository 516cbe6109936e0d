// The front page for a screen on a wall: the answer in large letters, and a tile a service.
import { render } from 'preact-render-to-string';
import { SERVICE_STATUSES } from '../../../projections/events/severity.ts';
import type { PageService } from '../../../projections/selectors/status-page.ts';
import type { View } from '../../read-models/views.ts';
import { headlineTitle, headlineWords } from '../../text/headline.ts';
import { Document } from '../components/document.tsx';
import { Glyph } from '../components/glyph.tsx';
import { Days } from '../components/strip.tsx';
import { textLanguage } from '../components/text-language.ts';
import type { PageProps } from '../reply/page-reply.ts';
import type { Reading } from '../reply/reading.ts';

/** How many days a tile draws. */
const DAYS = 30;

export function WallPage({ view: { page }, reading, until, leaveOut }: PageProps<View<'status'>>) {
  const { words } = reading;
  const { status } = page.headline;
  const headline = headlineWords(page.headline, words, { now: reading.now, timeZone: page.zone });
  return (
    <Document
      frame={page}
      reading={reading}
      title={headlineTitle(page.headline, reading.words)}
      description={headline.text}
      state={status}
      isLive
      isWall
      own={reading.assets.wall}
      until={until}
    >
      <main class={`wall ${status}`}>
        <section class="wall-answer" aria-labelledby="headline">
          <Glyph of={status} />
          <h1 id="headline">{headline.text}</h1>
        </section>
        <h2 class="hidden">{words.services.heading}</h2>
        <ul class="tiles" data-tiles dangerouslySetInnerHTML={{ __html: leaveOut(tiles(page.services, reading)) }} />
        <p class="wall-foot">
          <span>{page.settings.name}</span>
          <span class="live" role="status" data-live-word />
          <span data-wall-page />
          <time data-clock />
        </p>
        <p class="hidden" role="status" data-announce />
      </main>
    </Document>
  );
}

function* tiles(services: readonly PageService[], reading: Reading): Generator<Buffer> {
  for (const service of worstFirst(services)) yield Buffer.from(render(<Tile service={service} reading={reading} />));
}

/** Otherwise in the order of the page. */
function worstFirst(services: readonly PageService[]): PageService[] {
  const levelOf = ({ status }: PageService) => SERVICE_STATUSES.indexOf(status);
  return services.toSorted((a, b) => levelOf(b) - levelOf(a));
}

function Tile({ service, reading }: { readonly service: PageService; readonly reading: Reading }) {
  const { name, status, days } = service;
  return (
    <li class={`tile ${status}`}>
      <Glyph of={status} />
      <b lang={textLanguage(service, 'name', reading)}>{name}</b>
      <span class="state">{reading.words.status[status]}</span>
      {days !== '' && <Days letters={days.slice(-DAYS)} />}
    </li>
  );
}
