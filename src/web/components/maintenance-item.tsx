// A maintenance in a list of its own: its date, what it is, when, what it affects, and what to expect.
import { isActive } from '../../../projections/maintenance.ts';
import type { ListedMaintenance } from '../../../projections/selectors/maintenance-view.ts';
import { entityPage, type Reading } from '../reply/reading.ts';
import { MaintenanceProgress, Repeats } from './maintenance-facts.tsx';
import { Markdown } from './markdown.tsx';
import { textLanguage } from './text-language.ts';
import { MaintenanceWindow } from './window.tsx';

interface Props {
  readonly listed: ListedMaintenance;
  readonly reading: Reading;
}

export function MaintenanceItem({ listed, reading }: Props) {
  const { maintenance, services, cancelledAt } = listed;
  const { words, formats } = reading;
  const { id, title, description, startsAt, startedAt } = maintenance;
  const begin = startedAt ?? startsAt;
  const names = formats.list(services.map(({ name }) => name));
  const link = (
    <a href={entityPage(reading, 'maintenance', id)} lang={textLanguage(maintenance, 'title', reading)}>
      {title}
    </a>
  );
  return (
    <article class={isActive(maintenance) ? 'plan on' : 'plan'} id={`maintenance-${id}`}>
      <p class="date" aria-hidden="true">
        <span>{isActive(maintenance) ? words.maintenance.now : formats.shortMonth(begin)}</span>
        <b>{formats.dayOfMonth(begin)}</b>
      </p>
      <div class="work">
        <h3>{cancelledAt === null ? link : <del>{link}</del>}</h3>
        <p>
          <MaintenanceWindow maintenance={listed.maintenance} reading={reading} />
          {names !== '' && ` · ${names}`}
        </p>
        <MaintenanceProgress listed={listed} reading={reading} />
        {description !== '' && (
          <div class="prose" lang={textLanguage(maintenance, 'description', reading)}>
            <Markdown text={description} />
          </div>
        )}
        <Repeats listed={listed} reading={reading} />
      </div>
    </article>
  );
}
