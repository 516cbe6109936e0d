// The services of a page in one table: name, days, uptime and state, aligned over all groups.
import { SERVICE_STATUSES, type ServiceStatus } from '../../../projections/events/severity.ts';
import type { PageService, SelectedPage } from '../../../projections/selectors/status-page.ts';
import type { ShownGroup } from '../../../projections/service/group.ts';
import { pageOf, type Reading } from '../reply/reading.ts';
import type { LeaveOut } from '../reply/render-in-steps.ts';
import { Filled } from './filled.tsx';
import { Glyph } from './glyph.tsx';
import { serviceRows } from './service-row.tsx';
import { Days } from './strip.tsx';
import { textLanguage } from './text-language.ts';

type Page = Pick<SelectedPage, 'groups' | 'services' | 'to' | 'settings'>;

interface Props {
  readonly page: Page;
  /** The date of the last day of the strips. */
  readonly lastDay: string;
  readonly titles: Readonly<Record<string, string>>;
  readonly reading: Reading;
  readonly leaveOut: LeaveOut;
}

/** With more services there is a field to find one. */
const FEW = 30;

export function ServicesTable({ page, lastDay, titles, reading, leaveOut }: Props) {
  const { services, groups } = page;
  const { words } = reading;
  const byId = new Map(services.map((service) => [service.id, service]));
  const grouped = groups.map((group) => ({ group, members: group.services.flatMap((id) => byId.get(id) ?? []) }));
  const inGroups = new Set(groups.flatMap((group) => group.services));
  const others = services.filter(({ id }) => !inGroups.has(id));
  const rows = (members: readonly PageService[]) => (
    <ul dangerouslySetInnerHTML={{ __html: leaveOut(serviceRows(members, { lastDay, titles, reading })) }} />
  );
  return (
    <section aria-labelledby="services">
      <div class="heading">
        <h2 id="services">{words.services.heading}</h2>
        {services.length > FEW && (
          <input
            type="search"
            class="filter"
            data-filter
            aria-label={words.services.filter}
            placeholder={words.services.filter}
            hidden
          />
        )}
        <p>
          {words.services.total(services.length)} ·{' '}
          <Filled template={words.services.lastDays} with={{ n: <Ranges /> }} />
        </p>
      </div>
      <div class="panel services">
        <Columns lastDay={lastDay} reading={reading} />
        {grouped
          .filter(({ members }) => members.length > 0)
          .map(({ group, members }) => (
            <Group key={group.id} group={group} members={members} reading={reading}>
              {rows(members)}
            </Group>
          ))}
        {others.length > 0 && <div class="group loose">{rows(others)}</div>}
      </div>
      <Legend reading={reading} />
    </section>
  );
}

/** How many days the strips show: as many as the width allows. */
function Ranges() {
  return (
    <span class="range">
      <span>90</span>
      <span class="sixty">60</span>
      <span class="thirty">30</span>
    </span>
  );
}

const DAY = 86_400_000;
const DAYS = 90;

function Columns({ lastDay, reading: { words, formats } }: Pick<Props, 'lastDay' | 'reading'>) {
  const dates = Array.from({ length: DAYS }, (_, index) =>
    new Date(Date.parse(lastDay) - (DAYS - 1 - index) * DAY).toISOString().slice(0, 10),
  );
  const { columns } = words.services;
  return (
    <div class="columns" aria-hidden="true">
      <span>{columns.service}</span>
      <div class="days axis" dir="ltr">
        {dates.map((date) =>
          date.endsWith('-01') ? <i key={date} data-month={formats.monthName(date.slice(0, 7))} /> : <i key={date} />,
        )}
      </div>
      <span>{columns.uptime}</span>
      <span>{columns.now}</span>
    </div>
  );
}

interface GroupProps {
  readonly group: ShownGroup;
  readonly members: readonly PageService[];
  readonly reading: Reading;
  readonly children: preact.ComponentChildren;
}

/** A group with a fault is never closed. */
function Group({ group, members, reading, children }: GroupProps) {
  const { words } = reading;
  const worst = worstOf(members);
  const isAffected = worst !== 'operational';
  const count = members.filter(({ status }) => status === worst).length;
  const isOpen = isAffected || group.display === 'expanded';
  return (
    <details
      class="group"
      data-key={`group:${group.id}`}
      open={isOpen}
      {...(isAffected ? { 'data-affected': true } : {})}
    >
      <summary>
        <span lang={textLanguage(group, 'name', reading)}>{group.name}</span>
        <span class={`sum ${worst}`}>
          <Glyph of={worst} />
          {words.services.sum(count, members.length, worst)}
        </span>
      </summary>
      {children}
    </details>
  );
}

function worstOf(members: readonly PageService[]): ServiceStatus {
  const levels = members.map(({ status }) => SERVICE_STATUSES.indexOf(status));
  return SERVICE_STATUSES[Math.max(0, ...levels)] ?? 'operational';
}

const SHOWN = [
  { letter: 'o', status: 'operational' },
  { letter: 'm', status: 'maintenance' },
  { letter: 'd', status: 'degraded' },
  { letter: 'p', status: 'partial' },
  { letter: 'x', status: 'major' },
  { letter: 'n', status: 'none' },
] as const;

function Legend({ reading }: { readonly reading: Reading }) {
  const { words } = reading;
  return (
    <>
      <p class="hidden">{words.services.legend}</p>
      <ul class="legend">
        {SHOWN.map(({ letter, status }) => (
          <li key={letter}>
            <Days letters={letter} />
            {words.status[status]}
          </li>
        ))}
        <li class="rule">
          <a href={pageOf(reading, 'uptime')}>{words.services.howCounted}</a>
        </li>
      </ul>
    </>
  );
}
