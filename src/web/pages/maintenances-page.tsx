// The page of all maintenance: in progress, planned, and past.
import type { ListedMaintenance } from '../../../projections/selectors/maintenance-view.ts';
import type { View } from '../../read-models/views.ts';
import { MaintenanceItem } from '../components/maintenance-item.tsx';
import { Subpage } from '../components/subpage.tsx';
import type { PageProps } from '../reply/page-reply.ts';
import { fileOf, pageOf, type Reading } from '../reply/reading.ts';

export function MaintenancesPage({ view, reading, until }: PageProps<View<'maintenances'>>) {
  const { words } = reading;
  const { frame, inProgress, planned, past, more } = view;
  return (
    <Subpage
      frame={frame}
      reading={reading}
      title={words.maintenance.heading}
      description={words.maintenance.heading}
      heading={words.maintenance.heading}
      until={until}
      kind="maintenances-page"
    >
      {inProgress.length > 0 && (
        <List id="in-progress" heading={words.maintenance.inProgress} listed={inProgress} reading={reading} />
      )}
      {planned.length > 0 ? (
        <List id="planned" heading={words.maintenance.planned} listed={planned} reading={reading}>
          <a href={fileOf(reading, 'maintenance.ics')}>{words.maintenance.addToCalendar}</a>
        </List>
      ) : (
        <section aria-labelledby="planned">
          <div class="heading">
            <h2 id="planned">{words.maintenance.planned}</h2>
          </div>
          <p class="panel empty">{words.maintenance.none}</p>
        </section>
      )}
      {more > 0 && <p class="quiet">{words.maintenance.more(more)}</p>}
      {past.length > 0 && (
        <List id="past" heading={words.maintenance.pastLink} listed={past} reading={reading}>
          <a href={`${pageOf(reading, 'history')}?kind=maintenance`}>{words.page.wholeHistory}</a>
        </List>
      )}
    </Subpage>
  );
}

interface ListProps {
  readonly id: string;
  readonly heading: string;
  readonly listed: readonly ListedMaintenance[];
  readonly reading: Reading;
  readonly children?: preact.ComponentChildren;
}

function List({ id, heading, listed, reading, children }: ListProps) {
  return (
    <section aria-labelledby={id}>
      <div class="heading">
        <h2 id={id}>{heading}</h2>
        {children}
      </div>
      <div class="panel">
        {listed.map((each) => (
          <MaintenanceItem key={each.maintenance.id} listed={each} reading={reading} />
        ))}
      </div>
    </section>
  );
}
