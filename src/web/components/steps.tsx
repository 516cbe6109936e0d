// How far an incident has come: four steps, of which the ones taken have a time.
import type { IncidentStatus } from '../../../projections/events/severity.ts';
import type { ShownIncident } from '../../../projections/incidents.ts';
import type { Reading } from '../reply/reading.ts';
import { formatOf, Moment } from './moment.tsx';

const STEPS: readonly IncidentStatus[] = ['investigating', 'identified', 'monitoring', 'resolved'];

interface Props {
  readonly incident: Pick<ShownIncident, 'status' | 'startedAt' | 'resolvedAt' | 'updates'>;
  readonly reading: Reading;
}

export function Steps({ incident, reading }: Props) {
  const { words } = reading;
  const reached = STEPS.indexOf(incident.status);
  return (
    <>
      <p class="hidden">{words.incident.progress}</p>
      <ol class="steps">
        {STEPS.map((step, index) => {
          const at = index <= reached ? timeOfStep(incident, step) : null;
          return (
            <li
              key={step}
              {...(index <= reached ? { class: step === 'resolved' ? 'taken done' : 'taken' } : {})}
              {...(index === reached ? { 'aria-current': 'step' as const } : {})}
            >
              <b>{words.incident.states[step]}</b>
              {at !== null && <Moment at={at} as={formatOf(at, reading)} reading={reading} />}
            </li>
          );
        })}
      </ol>
    </>
  );
}

/** When the incident came to this step for the first time; `null` if it passed it by. */
function timeOfStep({ startedAt, resolvedAt, updates }: Props['incident'], step: IncidentStatus): string | null {
  if (step === 'resolved') return resolvedAt;
  const told = updates.find(({ status }) => status === step)?.createdAt ?? null;
  return step === 'investigating' ? (told ?? startedAt) : told;
}
