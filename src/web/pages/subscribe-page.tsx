// How to hear of what happens: the feeds, the calendar, and what other sites show, of everything or of one service.
import { type ComponentChildren, h } from 'preact';
import { render } from 'preact-render-to-string';
import type { View } from '../../read-models/views.ts';
import { Subpage } from '../components/subpage.tsx';
import type { PageProps } from '../reply/page-reply.ts';
import { entityPage, FEEDS, fileOf, pageOf, type Reading, shownElsewhere } from '../reply/reading.ts';

type SubscribeView = View<'subscribe'>;

interface Part {
  readonly view: SubscribeView;
  readonly reading: Reading;
}

export function SubscribePage({ view, reading, until }: PageProps<SubscribeView>) {
  const { frame, service, services } = view;
  const { subscribe, frame: names } = reading.words;
  const calendar = fileOf(reading, 'maintenance.ics', service?.id);
  return (
    <Subpage
      frame={frame}
      reading={reading}
      service={service?.id}
      title={subscribe.heading}
      description={subscribe.what}
      heading={subscribe.heading}
      until={until}
      kind="subscribe-page"
    >
      <p class="prose">{subscribe.what}</p>
      {services.length > 0 && <Choice view={view} reading={reading} />}
      <section class="prose" aria-labelledby="feeds">
        <h2 id="feeds">{subscribe.feeds}</h2>
        <p>{subscribe.feedsWhat}</p>
        {FEEDS.map(({ name, file }) => {
          const path = fileOf(reading, file, service?.id);
          return (
            <Way key={file} name={name} what={subscribe.formats[file]} open={path} copy={path} reading={reading} />
          );
        })}
      </section>
      <section class="prose" aria-labelledby="calendar">
        <h2 id="calendar">{names.calendar}</h2>
        <Way
          what={subscribe.calendarWhat}
          open={asCalendar(reading.origin + calendar)}
          copy={calendar}
          reading={reading}
        />
      </section>
      <Elsewhere view={view} reading={reading} />
    </Subpage>
  );
}

/** What can be copied into another site: for all services, or for one. */
function Elsewhere({ view: { frame, service }, reading }: Part) {
  const { elsewhere, elsewhereWhat, badge, inFrame, element } = reading.words.subscribe;
  const { origin } = reading;
  const name = service?.name ?? frame.settings.name;
  const page = origin + (service ? entityPage(reading, 'services', service.id) : pageOf(reading, ''));
  const picture = shownElsewhere(reading, 'badge.svg', service?.id);
  const inner = shownElsewhere(reading, 'embed', service?.id);
  return (
    <section class="prose" aria-labelledby="elsewhere">
      <h2 id="elsewhere">{elsewhere}</h2>
      <p>{elsewhereWhat}</p>
      <h3>{badge}</h3>
      <p>
        <img src={picture} alt={name} height={20} />
      </p>
      <Snippet>
        {render(
          <a href={page}>
            <img src={origin + picture} alt={name} />
          </a>,
        )}
      </Snippet>
      <h3>{inFrame}</h3>
      <Snippet>{render(<iframe src={origin + inner} title={name} width="320" height="420" />)}</Snippet>
      {service === null && (
        <>
          <h3>{element}</h3>
          <Snippet>
            {render(<script src={`${origin}/embed.js`} async />)}
            {'\n'}
            {render(h('plive-status', { src: page }))}
          </Snippet>
        </>
      )}
    </section>
  );
}

/** HTML to be copied. */
function Snippet({ children }: { readonly children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <pre tabIndex={0}>
      <code>{children}</code>
    </pre>
  );
}

/** Calendars open addresses of this scheme, and ask for them again. */
function asCalendar(address: string): string {
  return address.replace(/^https?:/, 'webcal:');
}

/** Without script there is a button. */
function Choice({ view: { service, services }, reading }: Part) {
  const { subscribe, history } = reading.words;
  return (
    <form class="filter-form" method="get" action={reading.path} aria-label={subscribe.about}>
      <label>
        <span>{subscribe.about}</span>{' '}
        <select name="service">
          <option value="">{history.allServices}</option>
          {services.map(({ id, name }) => (
            <option key={id} value={id} selected={id === service?.id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button class="button" type="submit">
        {subscribe.show}
      </button>
    </form>
  );
}

interface WayProps {
  /** What it is called; the only one of its section needs no name. */
  readonly name?: string;
  readonly what: string;
  /** Where it is opened, and the address to be copied. */
  readonly open: string;
  readonly copy: string;
  readonly reading: Reading;
}

function Way({ name, what, open, copy, reading: { words } }: WayProps) {
  const ofWhat = `: ${name ?? words.frame.calendar}`;
  const action = name === undefined ? words.maintenance.addToCalendar : words.subscribe.open;
  return (
    <>
      {name !== undefined && <h3>{name}</h3>}
      <p>{what}</p>
      <p class="ways">
        <a class="button" href={open} aria-label={action + ofWhat}>
          {action}
        </a>
        <a class="button" data-copy href={copy} aria-label={words.incident.copyLink + ofWhat}>
          {words.incident.copyLink}
        </a>
      </p>
    </>
  );
}
