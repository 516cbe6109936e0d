// The services that something affects, each with its shape.
import type { ServiceStatus } from '../../../projections/events/severity.ts';
import { entityPage, type Reading } from '../reply/reading.ts';
import { Glyph } from './glyph.tsx';

export interface AffectedService {
  readonly id: string;
  readonly name: string;
  readonly state: ServiceStatus;
}

interface Props {
  readonly services: readonly AffectedService[];
  readonly reading: Reading;
}

export function Affected({ services, reading }: Props) {
  return (
    <>
      {services.map(({ id, name, state }) => (
        <span key={id} class={`told ${state}`}>
          <Glyph of={state} />
          <a href={entityPage(reading, 'services', id)}>{name}</a>
          <span class="hidden"> {reading.words.status[state]}</span>
        </span>
      ))}
    </>
  );
}
