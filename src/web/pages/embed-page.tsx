// What a page of another site shows in a frame: the answer, what goes on, the services or one of them, and what is planned.
import type { ComponentChildren } from 'preact';
import { STATUS_OF_IMPACT } from '../../../projections/events/severity.ts';
import { nextOfEach } from '../../../projections/selectors/maintenances-view.ts';
import type { ShownService } from '../../../projections/service.ts';
import type { Reader } from '../../http/browsers/reader.ts';
import type { View } from '../../read-models/views.ts';
import { cutText } from '../../text/cut-text.ts';
import { headlineTitle, headlineWords } from '../../text/headline.ts';
import { LANGUAGES, wordsOf } from '../../text/words/languages.ts';
import type { Words } from '../../text/words/words.ts';
import { Glyph } from '../components/glyph.tsx';
import { LinkOut } from '../components/link-out.tsx';
import type { Shape } from '../components/shapes.ts';
import { Sprite } from '../components/sprite.tsx';
import { textLanguage } from '../components/text-language.ts';
import { MaintenanceWindow } from '../components/window.tsx';
import type { PageAssets } from '../reply/assets.ts';
import type { PageProps } from '../reply/page-reply.ts';
import { entityPage, type Reading } from '../reply/reading.ts';

/** Of more services, only those are listed that do not work normally. */
const MAX_SERVICES = 12;
/** The page has the others. */
const MAX_INCIDENTS = 5;
const MAX_MAINTENANCES = 3;
/** Beyond it a title is cut. */
const LONGEST_TITLE = 70;

type EmbedView = View<'embed'>;

interface Part {
  readonly view: EmbedView;
  readonly reading: Reading;
}

export function EmbedPage({ view, reading, until }: PageProps<EmbedView>) {
  const { words, home, zone, now, assets, theme } = reading;
  const { frame, service } = view;
  const { text, detail } = answerOf(view, reading);
  const status = service?.status ?? frame.headline.status;
  const data = {
    'data-live': true,
    'data-room': `org:${frame.organization.id}`,
    'data-position': frame.position,
    'data-now': now,
    'data-zone': zone,
    'data-texts': JSON.stringify(words.script),
    ...(until === null ? {} : { 'data-until': until }),
  };
  return (
    <EmbedDocument words={words} theme={theme} title={titleOf(view, words)} assets={assets} data={data}>
      <main class="embed">
        <Top status={status} text={text} detail={detail} />
        <GoingOn view={view} reading={reading} />
        {service === null && <Services view={view} reading={reading} />}
        <Planned view={view} reading={reading} />
        <p class="whole">
          <LinkOut href={service === null ? home : entityPage(reading, 'services', service.id)}>
            {frame.settings.name} · {words.embed.whole}
          </LinkOut>
          <span class="live" role="status" data-live-word />
        </p>
        <p class="hidden" role="status" data-announce />
      </main>
    </EmbedDocument>
  );
}

/** What is shown in place of what is not there, or not public: the same for both. */
export function MissingEmbed({ reader, assets }: { readonly reader: Reader; readonly assets: PageAssets }) {
  const words = wordsOf(reader.language ?? LANGUAGES[0]);
  const { missing, why } = words.embed;
  return (
    <EmbedDocument words={words} theme={reader.theme} title={missing} assets={assets}>
      <main class="embed">
        <Top status="unknown" text={missing} detail={why} />
      </main>
    </EmbedDocument>
  );
}

interface DocumentProps {
  readonly words: Words;
  readonly theme: Reader['theme'];
  readonly title: string;
  readonly assets: PageAssets;
  /** What the script needs to know to keep it current. */
  readonly data?: Readonly<Record<string, string | number | boolean>>;
  readonly children: ComponentChildren;
}

function EmbedDocument({ words, theme, title, assets: { embed }, data, children }: DocumentProps) {
  return (
    <html lang={words.language} dir={words.direction} {...(theme ? { 'data-theme': theme } : {})}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{cutText(title, LONGEST_TITLE)}</title>
        <link rel="stylesheet" href={embed.stylesheet} />
        <script type="module" src={embed.script} />
      </head>
      <body {...data}>
        <Sprite />
        {children}
      </body>
    </html>
  );
}

function titleOf({ frame, service }: EmbedView, words: Words): string {
  if (service !== null) return `${service.name}: ${words.status[service.status]}`;
  return [headlineTitle(frame.headline, words), frame.settings.name].filter((part) => part !== '').join(' · ');
}

function answerOf({ frame, service }: EmbedView, { words, now, zone }: Reading): { text: string; detail: string } {
  if (service !== null) return { text: words.headline.named([service.name], service.status), detail: '' };
  return headlineWords(frame.headline, words, { now, timeZone: zone });
}

interface TopProps {
  readonly status: Shape;
  readonly text: string;
  readonly detail: string;
}

function Top({ status, text, detail }: TopProps) {
  return (
    <div class={`answer ${status}`}>
      <Glyph of={status} />
      <div>
        <h1 id="headline">{text}</h1>
        {detail !== '' && <p>{detail}</p>}
      </div>
    </div>
  );
}

function GoingOn({ view: { incidents }, reading }: Part) {
  const { words } = reading;
  if (incidents.length === 0) return null;
  return (
    <section aria-labelledby="now">
      <h2 id="now">{words.page.now}</h2>
      <ul>
        {incidents.slice(0, MAX_INCIDENTS).map((incident) => (
          <li key={incident.id}>
            <Glyph of={STATUS_OF_IMPACT[incident.impact]} isColoured />
            <div>
              <LinkOut
                href={entityPage(reading, 'incidents', incident.id)}
                lang={textLanguage(incident, 'title', reading)}
              >
                {incident.title}
              </LinkOut>
              <p>
                {words.incident.states[incident.status]}
                <span class="ticking" data-ago={incident.updatedAt} />
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Services({ view: { services }, reading }: Part) {
  const { words } = reading;
  const isAll = services.length <= MAX_SERVICES;
  const listed = isAll ? services : services.filter(({ status }) => status !== 'operational');
  if (listed.length === 0) return null;
  return (
    <section aria-labelledby="services">
      <h2 id="services">{words.services.heading}</h2>
      <ul>
        {listed.map((service) => (
          <Service key={service.id} service={service} reading={reading} />
        ))}
      </ul>
      {!isAll && <p>{words.headline.others(services.length - listed.length)}</p>}
    </section>
  );
}

function Service({ service, reading }: { readonly service: ShownService; readonly reading: Reading }) {
  const { id, name, status } = service;
  return (
    <li class="service">
      <LinkOut href={entityPage(reading, 'services', id)} lang={textLanguage(service, 'name', reading)}>
        {name}
      </LinkOut>
      <span class={`state ${status}`}>
        <Glyph of={status} />
        {reading.words.status[status]}
      </span>
    </li>
  );
}

function Planned({ view: { maintenances }, reading }: Part) {
  const { words } = reading;
  if (maintenances.length === 0) return null;
  return (
    <section aria-labelledby="plans">
      <h2 id="plans">{words.page.plans}</h2>
      <ul>
        {nextOfEach(maintenances)
          .slice(0, MAX_MAINTENANCES)
          .map((maintenance) => (
            <li key={maintenance.id}>
              <Glyph of="maintenance" isColoured />
              <div>
                <LinkOut
                  href={entityPage(reading, 'maintenance', maintenance.id)}
                  lang={textLanguage(maintenance, 'title', reading)}
                >
                  {maintenance.title}
                </LinkOut>
                <p>
                  <MaintenanceWindow maintenance={maintenance} reading={reading} />
                </p>
              </div>
            </li>
          ))}
      </ul>
    </section>
  );
}
