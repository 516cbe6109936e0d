// How to hear of what happens: the feeds and the calendar, of everything or of one service.
import type { View } from '../../read-models/views.ts';
import { Subpage } from '../components/subpage.tsx';
import type { PageProps } from '../reply/page-reply.ts';
import { FEEDS, fileOf, type Reading } from '../reply/reading.ts';

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
    </Subpage>
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
