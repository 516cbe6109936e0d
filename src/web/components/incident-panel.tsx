// An incident that is going on, as the front page tells it: the latest update first, the facts beside it.

import type { ServiceStatus } from '../../../projections/events/severity.ts';
import type { ShownIncident } from '../../../projections/incidents.ts';
import { entityPage, type Reading, subscribePage } from '../reply/reading.ts';
import { Affected, type AffectedService } from './affected.tsx';
import { Filled } from './filled.tsx';
import { Glyph } from './glyph.tsx';
import { Lasts } from './lasts.tsx';
import { Markdown } from './markdown.tsx';
import { formatOf, Moment } from './moment.tsx';
import { Steps, toldSteps } from './steps.tsx';
import { textLanguage } from './text-language.ts';

interface Props {
  readonly incident: ShownIncident;
  readonly state: ServiceStatus;
  readonly affected: readonly AffectedService[];
  readonly reading: Reading;
}

export function IncidentPanel({ incident, state, affected, reading }: Props) {
  const { words } = reading;
  return (
    <article class="panel incident" id={`incident-${incident.id}`}>
      <div class="story">
        <h3>
          <Glyph of={state} isColoured />
          <a href={entityPage(reading, 'incidents', incident.id)}>
            <span lang={textLanguage(incident, 'title', reading)}>{incident.title}</span>
          </a>
        </h3>
        <Steps steps={toldSteps(incident)} reading={reading} />
        <Updates incident={incident} reading={reading} />
      </div>
      <div class="facts">
        <dl>
          {affected.length > 0 && (
            <div>
              <dt>{words.incident.affected}</dt>
              <dd>
                <Affected services={affected} reading={reading} />
              </dd>
            </div>
          )}
          <Lasting incident={incident} reading={reading} />
          <Promised incident={incident} reading={reading} />
          <Reported incident={incident} reading={reading} />
        </dl>
        <a class="button" href={entityPage(reading, 'incidents', incident.id)}>
          {words.incident.details}
        </a>
        <a class="button" href={subscribePage(reading)} aria-label={`${words.frame.follow}: ${incident.title}`}>
          {words.frame.follow}
        </a>
      </div>
    </article>
  );
}

interface Part {
  readonly incident: ShownIncident;
  readonly reading: Reading;
}

/** How many earlier updates the panel tells; the page of the incident has the others. */
const MAX_EARLIER = 20;

function Updates({ incident, reading }: Part) {
  const { words } = reading;
  const [latest, ...earlier] = incident.updates.toReversed();
  const more = earlier.length - MAX_EARLIER;
  if (!latest) return <Opening incident={incident} reading={reading} />;
  return (
    <>
      <p class="stamp">
        <b>{words.incident.latest}</b> ·{' '}
        <Moment at={latest.createdAt} as={formatOf(latest.createdAt, reading)} reading={reading} />
        {!reading.past && <span class="ticking" data-ago={latest.createdAt} />}
      </p>
      <div class="latest" lang={textLanguage(latest, 'message', reading)}>
        <Markdown text={latest.message} />
      </div>
      {earlier.length > 0 && (
        <details class="earlier" data-key={`updates:${incident.id}`}>
          <summary>{words.incident.earlier(earlier.length)}</summary>
          <ol>
            {earlier.slice(0, MAX_EARLIER).map((update) => (
              <li key={update.id}>
                <p class="stamp">
                  <b>{words.incident.states[update.status]}</b> ·{' '}
                  <Moment at={update.createdAt} as={formatOf(update.createdAt, reading)} reading={reading} />
                </p>
                <div lang={textLanguage(update, 'message', reading)}>
                  <Markdown text={update.message} />
                </div>
              </li>
            ))}
          </ol>
          {more > 0 && (
            <p>
              <a href={entityPage(reading, 'incidents', incident.id)}>{words.incident.earlier(more)}</a>
            </p>
          )}
        </details>
      )}
    </>
  );
}

/** Before the first update there is what the incident was opened with. */
function Opening({ incident, reading }: Part) {
  const { words } = reading;
  const { description } = incident;
  return (
    <>
      {description !== '' && (
        <div class="latest" lang={textLanguage(incident, 'description', reading)}>
          <Markdown text={description} />
        </div>
      )}
      <p class="stamp">{words.incident.noUpdate}</p>
    </>
  );
}

function Lasting({ incident: { startedAt }, reading }: Part) {
  const { words } = reading;
  return (
    <div>
      <dt>{words.incident.goingOn}</dt>
      <dd>
        <Lasts since={startedAt} reading={reading} />{' '}
        <span class="aside">
          <Filled
            template={words.incident.since}
            with={{ time: <Moment at={startedAt} as={formatOf(startedAt, reading)} reading={reading} /> }}
          />
        </span>
      </dd>
    </div>
  );
}

function Promised({ incident: { nextUpdateBy }, reading }: Part) {
  if (nextUpdateBy === null) return null;
  const { words } = reading;
  return (
    <div>
      <dt>{words.incident.nextUpdate}</dt>
      <dd>
        <Filled
          template={words.incident.by}
          with={{ time: <Moment at={nextUpdateBy} as={formatOf(nextUpdateBy, reading)} reading={reading} /> }}
        />{' '}
        {!reading.past && <span class="aside ticking" data-due={nextUpdateBy} />}
      </dd>
    </div>
  );
}

const MINUTE = 60_000;

function Reported({ incident: { startedAt, recordedAt }, reading: { words, formats } }: Part) {
  const delay = Date.parse(recordedAt) - Date.parse(startedAt);
  if (delay < MINUTE) return null;
  return (
    <div>
      <dt>{words.incident.firstReported}</dt>
      <dd>{words.incident.after(formats.duration(delay / 1_000))}</dd>
    </div>
  );
}
