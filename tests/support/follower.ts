// A client of one room as the protocol wants it: keeps the room's state, and writes down whatever breaks the sequence.
import type { ShownIncident } from '../../projections/incidents.ts';
import type { ShownService } from '../../projections/services.ts';
import type { EntityUpdate, Resume, Snapshot } from '../../src/realtime/protocol.ts';

export class Follower {
  /** Gaps, repeats and disorder, in words; a correct server leaves it empty. */
  readonly faults: string[] = [];
  readonly #services = new Map<string, ShownService>();
  readonly #incidents = new Map<string, ShownIncident>();
  #position = 0;
  /** What it heard of the current position; `undefined` after a snapshot, which holds all of it. */
  #heard: Set<string> | undefined = undefined;

  /** Where it left off, as it would say so when it joins again. */
  get resume(): Resume & { after: number } {
    return { after: this.#position, seen: this.#heard?.size };
  }

  /** What it believes the room shows, in the order of creation. */
  get state(): { services: ShownService[]; incidents: ShownIncident[] } {
    return { services: [...this.#services.values()], incidents: [...this.#incidents.values()] };
  }

  load({ position, services, incidents }: Snapshot): void {
    this.#services.clear();
    this.#incidents.clear();
    for (const service of services) this.#services.set(service.id, service);
    for (const incident of incidents) this.#incidents.set(incident.id, incident);
    this.#position = position;
    this.#heard = undefined;
  }

  hear({ type, data, position, prev }: EntityUpdate): void {
    const subject = `${type} of ${data.id} at ${position} after ${prev}`;
    if (prev > this.#position) this.faults.push(`gap: ${subject}, with ${this.#position} the last`);
    if (position < this.#position) this.faults.push(`disorder: ${subject}, with ${this.#position} the last`);
    if (position === this.#position && (this.#heard?.has(data.id) ?? true)) this.faults.push(`repeat: ${subject}`);
    if (position > this.#position || !this.#heard) this.#heard = new Set();
    this.#heard.add(data.id);
    this.#position = position;
    const { deleted, ...shown } = data;
    const entities: Map<string, unknown> = type === 'service-update' ? this.#services : this.#incidents;
    if (deleted) entities.delete(data.id);
    else entities.set(data.id, shown);
  }
}
