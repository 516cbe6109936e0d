// How far an incident has come: four steps, of which the ones taken have a time.
import type { IncidentStatus } from '../../../projections/events/severity.ts';
import type { ShownIncident } from '../../../projections/incidents.ts';
import type { IncidentStep } from '../../../projections/selectors/incident-course.ts';
import type { Reading } from '../reply/reading.ts';
import { formatOf, Moment } from './moment.tsx';

const STEPS: readonly IncidentStatus[] = ['investigating', 'identified', 'monitoring', 'resolved'];

interface Props {
  readonly steps: readonly IncidentStep[];
  readonly reading: Reading;
}

export function Steps({ steps, reading }: Props) {
  const { words } = reading;
  const current = steps.findLast(({ isTaken }) => isTaken);
  return (
    <>
      <p class="hidden">{words.incident.progress}</p>
      <ol class="steps">
        {steps.map((step) => {
          const { status, at, isTaken } = step;
          return (
            <li
              key={status}
              {...(isTaken ? { class: status === 'resolved' ? 'taken done' : 'taken' } : {})}
              {...(step === current ? { 'aria-current': 'step' as const } : {})}
            >
              <b>{words.incident.states[status]}</b>
              {at !== null && <Moment at={at} as={formatOf(at, reading)} reading={reading} />}
            </li>
          );
        })}
      </ol>
    </>
  );
}

type Told = Pick<ShownIncident, 'status' | 'startedAt' | 'resolvedAt' | 'updates'>;

/** The steps as far as the updates of an incident tell them: the first time that it came to each. */
export function toldSteps(incident: Told): IncidentStep[] {
  const reached = STEPS.indexOf(incident.status);
  return STEPS.map((status, index) => {
    const isTaken = index <= reached;
    return { status, at: isTaken ? timeOfStep(incident, status) : null, isTaken };
  });
}

function timeOfStep({ startedAt, resolvedAt, updates }: Told, step: IncidentStatus): string | null {
  if (step === 'resolved') return resolvedAt;
  return step === 'investigating' ? startedAt : (updates.find(({ status }) => status === step)?.createdAt ?? null);
}
