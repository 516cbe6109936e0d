// How uptime is counted, and the figures that come of it.
import { UPTIME_POLICIES, type UptimePolicy, weightOf } from '../../../projections/uptime/policies.ts';
import type { View } from '../../read-models/views.ts';
import { Glyph } from '../components/glyph.tsx';
import { Subpage } from '../components/subpage.tsx';
import type { PageProps } from '../reply/page-reply.ts';
import { entityPage, type Reading } from '../reply/reading.ts';

type UptimeView = View<'uptime'>;

interface Part {
  readonly view: UptimeView;
  readonly reading: Reading;
}

const STATES = ['operational', 'maintenance', 'degraded', 'partial', 'major'] as const;

export function UptimePage({ view, reading, until }: PageProps<UptimeView>) {
  const { words, formats } = reading;
  const others = UPTIME_POLICIES.filter((policy) => policy !== view.policy);
  const { uptime } = words;
  return (
    <Subpage
      frame={view.frame}
      reading={reading}
      title={uptime.heading}
      description={uptime.what}
      heading={uptime.heading}
      until={until}
      kind="uptime-page"
    >
      <section class="prose" aria-labelledby="rule">
        <p class="lead">{uptime.what}</p>
        <h2 id="rule">{uptime.policyHere}</h2>
        <Policy policy={view.policy} reading={reading} />
        <p>{uptime.rounding}</p>
        <p>{uptime.days(formats.place)}</p>
        <p>{uptime.groups}</p>
        <p>{uptime.noData}</p>
        <p>{uptime.corrections}</p>
        <p>{uptime.mistakes}</p>
      </section>
      {view.groups.length + view.services.length > 0 && <Figures view={view} reading={reading} />}
      <section class="prose" aria-labelledby="others">
        <h2 id="others">{uptime.otherPolicies}</h2>
        {others.map((policy) => (
          <p key={policy}>
            <b>{uptime.policies[policy].name}</b>: {uptime.policies[policy].rule}
          </p>
        ))}
      </section>
    </Subpage>
  );
}

function Policy({ policy, reading }: { readonly policy: UptimePolicy; readonly reading: Reading }) {
  const { words } = reading;
  const { columns, policies, weight } = words.uptime;
  return (
    <>
      <p>
        <b>{policies[policy].name}</b>: {policies[policy].rule}
      </p>
      <div class="panel">
        <table class="weights">
          <caption class="hidden">{words.uptime.policyHere}</caption>
          <thead>
            <tr>
              <th scope="col">{columns.state}</th>
              <th scope="col">{columns.counts}</th>
            </tr>
          </thead>
          <tbody>
            {STATES.map((state) => (
              <tr key={state}>
                <th scope="row">
                  <span class={`told ${state}`}>
                    <Glyph of={state} />
                    {words.status[state]}
                  </span>
                </th>
                <td>{weight(weightOf(policy, state))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Figures({ view, reading }: Part) {
  const { words } = reading;
  const { days, groups, services, figures } = view;
  return (
    <section aria-labelledby="figures">
      <div class="heading">
        <h2 id="figures">{words.uptime.figures}</h2>
      </div>
      <div class="panel">
        <table class="figures-table">
          <caption class="hidden">{words.uptime.figures}</caption>
          <thead>
            <tr>
              <th scope="col">{words.services.columns.service}</th>
              {days.map((count) => (
                <th key={count} scope="col">
                  {words.service.lastDays(count)}
                </th>
              ))}
            </tr>
          </thead>
          {groups.map((group) => (
            <tbody key={group.id}>
              <Row name={group.name} figures={group.figures} isSum reading={reading} />
              {group.services.map((service) => (
                <Row key={service.id} {...service} reading={reading} />
              ))}
            </tbody>
          ))}
          <tbody>
            {services.map((service) => (
              <Row key={service.id} {...service} reading={reading} />
            ))}
            <Row name={words.uptime.allServices} figures={figures} isSum reading={reading} />
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface RowProps {
  readonly id?: string;
  readonly name: string;
  readonly figures: UptimeView['figures'];
  readonly isSum?: boolean;
  readonly reading: Reading;
}

function Row({ id, name, figures, isSum = false, reading }: RowProps) {
  const { words, formats } = reading;
  return (
    <tr class={isSum ? 'sum' : undefined}>
      <th scope="row">{id === undefined ? name : <a href={entityPage(reading, 'services', id)}>{name}</a>}</th>
      {figures.map((figure, index) => (
        <td key={index}>{figure === null ? words.services.unknown : formats.percent(figure)}</td>
      ))}
    </tr>
  );
}
