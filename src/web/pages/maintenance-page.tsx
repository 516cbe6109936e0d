// The page of one maintenance: when, what it affects, what to expect, and its updates.
import { isActive, isOver } from '../../../projections/maintenance.ts';
import type { View } from '../../read-models/views.ts';
import { Affected } from '../components/affected.tsx';
import { Answer } from '../components/answer.tsx';
import { Dotted } from '../components/dotted.tsx';
import { EntityLinks } from '../components/entity-links.tsx';
import { MaintenanceProgress, Repeats, windowOf } from '../components/maintenance-facts.tsx';
import { Markdown } from '../components/markdown.tsx';
import { Subpage } from '../components/subpage.tsx';
import { textLanguage } from '../components/text-language.ts';
import { type ListedUpdate, Updates } from '../components/updates.tsx';
import { MaintenanceWindow, Window } from '../components/window.tsx';
import type { PageProps } from '../reply/page-reply.ts';
import { fileOf, type Reading, subscribePage } from '../reply/reading.ts';

type MaintenanceView = View<'maintenance'>;

interface Part {
  readonly view: MaintenanceView;
  readonly reading: Reading;
}

export function MaintenancePage({ view, reading, until }: PageProps<MaintenanceView>) {
  const { words } = reading;
  const { maintenance, frame } = view;
  const { title, description, status } = maintenance;
  const state = isOver(maintenance) ? 'operational' : 'maintenance';
  const updates = listedUpdates(view, reading);
  return (
    <Subpage
      frame={frame}
      reading={reading}
      title={title}
      description={`${words.maintenance.states[status]}: ${windowOf(view, reading)}`}
      state={isActive(maintenance) ? 'maintenance' : 'operational'}
      top={
        <Answer
          state={state}
          headline={title}
          lang={textLanguage(maintenance, 'title', reading)}
          detail={
            <Dotted
              facts={[
                words.maintenance.states[status],
                <MaintenanceWindow key="window" maintenance={view.maintenance} reading={reading} />,
              ]}
            />
          }
          isLive
          reading={reading}
        />
      }
      isLive
      hasPast
      until={until}
      kind="incident-page"
    >
      <section class="panel course" aria-labelledby="updates">
        <MaintenanceProgress listed={view} reading={reading} />
        {description !== '' && (
          <div class="prose" lang={textLanguage(maintenance, 'description', reading)}>
            <Markdown text={description} />
          </div>
        )}
        <h2 class={updates.length === 0 ? 'hidden' : undefined} id="updates">
          {words.incident.updates}
        </h2>
        {updates.length === 0 && !isOver(maintenance) && <p class="quiet">{words.incident.noUpdate}</p>}
        {updates.length > 0 && (
          <Updates updates={isOver(maintenance) ? updates : updates.toReversed()} reading={reading} />
        )}
      </section>
      <Facts view={view} reading={reading} />
    </Subpage>
  );
}

/** The oldest first. */
function listedUpdates({ maintenance, beforeEdit }: MaintenanceView, { words, path }: Reading): ListedUpdate[] {
  return maintenance.updates.map(({ id, status, message = '', translations, createdAt, editedAt }) => {
    const edited = beforeEdit[id];
    return {
      id,
      name: words.maintenance.states[status],
      at: createdAt,
      message,
      ...(translations ? { translations } : {}),
      editedAt,
      beforeEdit: edited && `${path}?at=${encodeURIComponent(edited)}#u-${id}`,
    };
  });
}

function Facts({ view, reading }: Part) {
  const { words } = reading;
  const { maintenance, services, records } = view;
  return (
    <aside class="beside" aria-label={words.incident.facts}>
      <h2>{words.maintenance.window}</h2>
      <p>
        <Window from={maintenance.startsAt} to={maintenance.endsAt} reading={reading} />
      </p>
      {!maintenance.autoEnd && !isOver(maintenance) && <p>{words.maintenance.endsByHand}</p>}
      <Repeats listed={view} reading={reading} />
      <h2>{words.maintenance.affected}</h2>
      {services.length === 0 ? (
        <p>{words.incident.noneAffected}</p>
      ) : (
        <div class="spans-alone">
          <Affected
            services={services.map(({ status, ...service }) => ({ ...service, state: status }))}
            reading={reading}
          />
        </div>
      )}
      <EntityLinks records={records} reading={reading}>
        <a class="button" href={subscribePage(reading)}>
          {words.frame.follow}
        </a>
        {!isOver(maintenance) && (
          <a class="button" href={fileOf(reading, 'maintenance.ics')}>
            {words.maintenance.addToCalendar}
          </a>
        )}
      </EntityLinks>
    </aside>
  );
}

/** The moments at which time alone changes what the page shows. */
export function momentsOfMaintenance({ maintenance: { startsAt, endsAt } }: MaintenanceView): string[] {
  return [startsAt, endsAt];
}
