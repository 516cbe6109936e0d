// A planned maintenance in a list: its date, what it is, when, and what it affects.
import { isActive, type ShownMaintenance } from '../../../projections/maintenance.ts';
import { parseMarkdown, plainText } from '../../text/markdown.ts';
import { entityPage, type Reading } from '../reply/reading.ts';
import { type NamesOfServices, namesOf } from './service-names.ts';
import { textLanguage } from './text-language.ts';
import { MaintenanceWindow } from './window.tsx';

interface Props {
  readonly maintenance: ShownMaintenance;
  readonly names: NamesOfServices;
  readonly reading: Reading;
}

export function Plan({ maintenance, names, reading }: Props) {
  const { words, formats } = reading;
  const { id, title, startsAt, description } = maintenance;
  const goesOn = isActive(maintenance);
  const begin = maintenance.startedAt ?? startsAt;
  const services = formats.list(namesOf(maintenance, names));
  return (
    <article class={goesOn ? 'plan on' : 'plan'}>
      <p class="date" aria-hidden="true">
        <span>{goesOn ? words.maintenance.now : formats.shortMonth(begin)}</span>
        <b>{formats.dayOfMonth(begin)}</b>
      </p>
      <div>
        <h3 lang={textLanguage(maintenance, 'title', reading)}>{title}</h3>
        <p>
          <MaintenanceWindow maintenance={maintenance} reading={reading} />
          {services !== '' && ` · ${services}`}
          {description !== '' && (
            <>
              {' · '}
              <span lang={textLanguage(maintenance, 'description', reading)}>
                {plainText(parseMarkdown(description))}
              </span>
            </>
          )}
        </p>
      </div>
      <a
        class="button"
        href={entityPage(reading, 'maintenance', id)}
        aria-label={`${words.maintenance.details}: ${title}`}
      >
        {words.maintenance.details}
      </a>
    </article>
  );
}
