// The page of an incident: how far it has come, its updates, what it affects, and the postmortem.
import { Fragment } from 'preact';
import type { ServiceStatus } from '../../../projections/events/severity.ts';
import type { ImpactChange } from '../../../projections/incident/course.ts';
import type { AffectedService } from '../../../projections/selectors/incident-view.ts';
import type { View } from '../../read-models/views.ts';
import { Answer } from '../components/answer.tsx';
import { DayRibbon } from '../components/day-ribbon.tsx';
import { Dotted } from '../components/dotted.tsx';
import { EntityLinks } from '../components/entity-links.tsx';
import { Filled } from '../components/filled.tsx';
import { Glyph } from '../components/glyph.tsx';
import { Lasts } from '../components/lasts.tsx';
import { Markdown } from '../components/markdown.tsx';
import { formatOf, Moment } from '../components/moment.tsx';
import { Steps } from '../components/steps.tsx';
import { Subpage } from '../components/subpage.tsx';
import { textLanguage } from '../components/text-language.ts';
import { type ListedUpdate, Updates } from '../components/updates.tsx';
import type { PageProps } from '../reply/page-reply.ts';
import { entityPage, type Reading, subscribePage } from '../reply/reading.ts';

type IncidentView = View<'incident'>;

export type UpdateOrder = 'newest' | 'oldest';

interface Props extends PageProps<IncidentView> {
  /** Without one: the newest first while it goes on, and once it is over as a story. */
  readonly order?: UpdateOrder | undefined;
}

interface Part {
  readonly view: IncidentView;
  readonly reading: Reading;
}

export function IncidentPage({ view, reading, until, order }: Props) {
  const { incident, frame } = view;
  const isOver = incident.status === 'resolved';
  const state = isOver ? 'operational' : view.worst;
  const shownOrder = order ?? (isOver ? 'oldest' : 'newest');
  return (
    <Subpage
      frame={frame}
      reading={reading}
      title={incident.title}
      description={descriptionOf(view, reading)}
      state={state}
      top={<Top view={view} state={state} reading={reading} />}
      isLive
      hasPast
      until={until}
      kind="incident-page"
    >
      <div class="tale">
        <Postmortem view={view} reading={reading} />
        <section class="panel course" aria-labelledby="updates">
          <Steps steps={view.steps} reading={reading} />
          <OrderedUpdates view={view} order={shownOrder} reading={reading} />
        </section>
      </div>
      <Facts view={view} reading={reading} />
    </Subpage>
  );
}

/** What it is, and what it affects: for those who see a link to the page. */
function descriptionOf({ worst, incident, affected }: IncidentView, { words, formats }: Reading): string {
  const state = incident.status === 'resolved' ? words.incident.states.resolved : words.status[worst];
  const names = affected.flatMap(({ name }) => name ?? []);
  return [state, formats.list(names)].filter((part) => part !== '').join(': ');
}

function Top({ view, state, reading }: Part & { readonly state: ServiceStatus }) {
  const { words } = reading;
  const { incident } = view;
  return (
    <Answer
      state={state}
      headline={incident.title}
      lang={textLanguage(incident, 'title', reading)}
      detail={<Lasting view={view} reading={reading} />}
      isLive
      reading={reading}
    >
      {view.reopenedAt !== null && (
        <span>
          <Filled template={words.incident.reopenedAt} with={{ time: momentOf(view.reopenedAt, reading) }} />
        </span>
      )}
      <Promised view={view} reading={reading} />
    </Answer>
  );
}

function momentOf(at: string, reading: Reading) {
  return <Moment at={at} as={formatOf(at, reading)} reading={reading} />;
}

/** From when it was worth telling that it was not reported at once, in seconds. */
const A_MINUTE = 60;

function Lasting({ view: { incident, worst, reportedAfter }, reading }: Part) {
  const { words, formats } = reading;
  const { startedAt, resolvedAt, recordedAt } = incident;
  const lasted = resolvedAt === null ? null : secondsBetween(startedAt, resolvedAt);
  const began = (
    <Filled
      template={words.incident.began}
      with={{ moment: <Moment at={startedAt} as="moment" reading={reading} />, utc: formats.utc(startedAt) }}
    />
  );
  const isReportedLater = resolvedAt !== null && recordedAt > resolvedAt;
  return (
    <Dotted
      facts={[
        lasted === null ? stateOf(worst, reading) : words.incident.resolvedAfter(formats.duration(lasted)),
        began,
        reportedAfter >= A_MINUTE && !isReportedLater && words.incident.reportedAfter(formats.duration(reportedAfter)),
        isReportedLater && (
          <Filled
            template={words.incident.recordedAt}
            with={{ time: <Moment at={recordedAt} as="moment" reading={reading} /> }}
          />
        ),
        // The last, so that the width that is kept for it is no gap in the line.
        lasted === null && (
          <>
            {words.incident.goingOn} <Lasts since={startedAt} reading={reading} />
          </>
        ),
      ]}
    />
  );
}

/** An incident without any effect informs. */
function stateOf(worst: ServiceStatus, { words }: Reading): string {
  return worst === 'operational' ? words.incident.information : words.status[worst];
}

function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1_000;
}

function Promised({ view: { incident }, reading }: Part) {
  const { words, now, past } = reading;
  const { nextUpdateBy } = incident;
  if (nextUpdateBy === null) return null;
  const isOverdue = nextUpdateBy <= (past?.at ?? now);
  return (
    <span class={isOverdue ? 'overdue partial' : 'promised'}>
      {words.incident.nextUpdate}{' '}
      <Filled
        template={isOverdue ? words.incident.wasDue : words.incident.by}
        with={{ time: momentOf(nextUpdateBy, reading) }}
      />{' '}
      {!past && <span class="ticking" data-due={nextUpdateBy} />}
    </span>
  );
}

function Postmortem({ view: { incident }, reading }: Part) {
  const { postmortem } = incident;
  const { words } = reading;
  if (!postmortem) return null;
  return (
    <article class="panel postmortem" id="postmortem" aria-labelledby="postmortem-heading">
      <h2 id="postmortem-heading">{words.incident.postmortem}</h2>
      <p class="small">
        <Filled
          template={words.incident.published}
          with={{ moment: <Moment at={postmortem.publishedAt} as="moment" reading={reading} /> }}
        />
      </p>
      <div class="prose" lang={textLanguage(postmortem, 'text', reading)}>
        <Markdown text={postmortem.text} />
      </div>
    </article>
  );
}

/** How many updates the page shows, the newest ones. */
const MAX_UPDATES = 200;

function OrderedUpdates({ view, order, reading }: Part & { readonly order: UpdateOrder }) {
  const { words, path, past } = reading;
  const all = listedUpdates(view, reading);
  const updates = all.slice(-MAX_UPDATES);
  const isNewestFirst = order === 'newest';
  const query = new URLSearchParams(past?.query ?? '');
  query.set('order', isNewestFirst ? 'oldest' : 'newest');
  return (
    <>
      <div class="order">
        <h2 id="updates">
          {words.incident.updates}
          <span class="hidden">, {isNewestFirst ? words.incident.newestFirst : words.incident.oldestFirst}</span>
        </h2>
        {updates.length > 1 && (
          <a href={`${path}?${query}`}>
            {isNewestFirst ? words.incident.showOldestFirst : words.incident.showNewestFirst}
          </a>
        )}
      </div>
      {view.incident.updates.length === 0 && <NoUpdate view={view} reading={reading} />}
      <Updates updates={isNewestFirst ? updates.toReversed() : updates} reading={reading} />
      {all.length > updates.length && (
        <p>
          <a href={`/api/incidents/${view.incident.id}`}>{words.incident.earlier(all.length - updates.length)}</a>
        </p>
      )}
    </>
  );
}

function NoUpdate({ view: { incident }, reading }: Part) {
  const { words } = reading;
  if (incident.status === 'resolved') return null;
  return (
    <p class="quiet">
      {words.incident.noUpdate}{' '}
      {incident.nextUpdateBy !== null && (
        <Filled template={words.incident.nextBy} with={{ time: momentOf(incident.nextUpdateBy, reading) }} />
      )}
    </p>
  );
}

/** The oldest first: what it was opened with, then its updates. */
function listedUpdates(view: IncidentView, reading: Reading): ListedUpdate[] {
  const { words, path } = reading;
  const { incident, opening, beforeEdit } = view;
  const changes = (changed: readonly ImpactChange[]) => <Became changes={changed} view={view} reading={reading} />;
  let before = opening.status;
  const updates = incident.updates.map((update): ListedUpdate => {
    const isSame = update.status === before && update.changes.some(({ from }) => from === null);
    before = update.status;
    const edited = beforeEdit[update.id];
    return {
      ...update,
      name: isSame ? words.incident.alsoAffected : words.incident.states[update.status],
      at: update.createdAt,
      beforeEdit: edited && `${path}?at=${encodeURIComponent(edited)}#u-${update.id}`,
      below: changes(update.changes),
    };
  });
  if (incident.description === '' && opening.changes.length === 0) return updates;
  const first: ListedUpdate = {
    id: 'opening',
    name: words.incident.states[opening.status],
    at: incident.startedAt,
    recordedAt: incident.recordedAt,
    message: incident.description,
    ...renamed(incident.translations),
    below: changes(opening.changes),
  };
  return [first, ...updates];
}

/** The translations of the description as those of a message. */
function renamed(translations: IncidentView['incident']['translations'] = {}): Pick<ListedUpdate, 'translations'> {
  const messages = Object.entries(translations).flatMap(([language, { description }]) =>
    description === undefined ? [] : [[language, { message: description }]],
  );
  return { translations: Object.fromEntries(messages) };
}

function Became({ changes, view, reading }: Part & { readonly changes: readonly ImpactChange[] }) {
  const { words } = reading;
  const names = new Map(view.affected.map(({ serviceId, name }) => [serviceId, name]));
  const known = changes.flatMap(({ serviceId, from, to }) => {
    const name = names.get(serviceId);
    return name ? [{ serviceId, name, from: from ?? 'operational', to: to ?? 'operational' } as const] : [];
  });
  if (known.length === 0) return null;
  return (
    <ul class="became">
      {known.map(({ serviceId, name, from, to }) => (
        <li key={serviceId}>
          {name}: <State of={from} reading={reading} /> <span aria-hidden="true">→</span>
          <span class="hidden"> {words.incident.became}</span> <State of={to} reading={reading} />
        </li>
      ))}
    </ul>
  );
}

function State({ of, reading }: { readonly of: ServiceStatus; readonly reading: Reading }) {
  return (
    <span class={of}>
      <Glyph of={of} />
      {reading.words.status[of]}
    </span>
  );
}

function Facts({ view, reading }: Part) {
  const { words, past } = reading;
  const { frame, affected, mentioned, ribbon, unaffected, records } = view;
  return (
    <aside class="beside" aria-label={words.incident.facts}>
      <h2>{words.incident.affected}</h2>
      {affected.length + mentioned.length === 0 ? (
        <p>{words.incident.noneAffected}</p>
      ) : (
        <dl class="spans">
          {affected.map((service) => (
            <Affected key={service.serviceId} service={service} reading={reading} />
          ))}
          {mentioned.map(({ id, name }) => (
            <Fragment key={id}>
              <dt class="told">
                <a href={entityPage(reading, 'services', id)}>{name}</a>
              </dt>
              <dd />
            </Fragment>
          ))}
        </dl>
      )}
      {ribbon !== null && <DayRibbon ribbon={ribbon} zone={frame.zone} isPast={past !== undefined} words={words} />}
      {unaffected > 0 && (
        <>
          <h2>{words.incident.notAffected}</h2>
          <p>{words.incident.others(unaffected)}</p>
        </>
      )}
      <EntityLinks records={records} reading={reading}>
        <a class="button" href={subscribePage(reading)}>
          {words.frame.follow}
        </a>
      </EntityLinks>
    </aside>
  );
}

function Affected({ service, reading }: { readonly service: AffectedService; readonly reading: Reading }) {
  const { serviceId, name, status, from, to } = service;
  const { words } = reading;
  return (
    <>
      <dt class={`told ${status}`}>
        <Glyph of={status} />
        {name === null ? (
          words.incident.deletedService
        ) : (
          <a href={entityPage(reading, 'services', serviceId)}>{name}</a>
        )}
        <span class="hidden"> {words.status[status]}</span>
      </dt>
      <dd>
        {to === null ? (
          <Filled template={words.incident.since} with={{ time: momentOf(from, reading) }} />
        ) : (
          reading.formats.duration(secondsBetween(from, to))
        )}
      </dd>
    </>
  );
}

/** The moments at which time alone changes what the page shows. */
export function momentsOfIncident({ incident: { nextUpdateBy } }: IncidentView): string[] {
  return nextUpdateBy === null ? [] : [nextUpdateBy];
}
