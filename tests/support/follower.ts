// A model client of one room: maintains the room's state from its updates, and records every violation of the sequence.
import type { ShownIncident } from '../../projections/incidents.ts';
import type { ShownService } from '../../projections/service.ts';
import type { EntityUpdate, Resume, Snapshot } from '../../src/realtime/protocol.ts';

export class Follower {
  /** Descriptions of gaps, repeats and disorder; empty if the server is correct. */
  readonly faults: string[] = [];
  readonly #services = new Map<string, ShownService>();
  readonly #incidents = new Map<string, ShownIncident>();
  #position = 0;
  /**
   * Ids of the entities that it received at the current position; `undefined` after a snapshot, which contains all of
   * them.
   */
  #received: Set<string> | undefined = undefined;

  /** Where it would resume, in the form of a join message. */
  get resume(): Resume & { after: number } {
    return { after: this.#position, seen: this.#received?.size };
  }

  /** The state of the room, folded from its updates, in the order of creation. */
  get state(): { services: ShownService[]; incidents: ShownIncident[] } {
    return { services: [...this.#services.values()], incidents: [...this.#incidents.values()] };
  }

  load({ position, services, incidents }: Snapshot): void {
    this.#services.clear();
    this.#incidents.clear();
    for (const service of services) this.#services.set(service.id, service);
    for (const incident of incidents) this.#incidents.set(incident.id, incident);
    this.#position = position;
    this.#received = undefined;
  }

  hear({ type, data, position, prev }: EntityUpdate): void {
    const subject = `${type} of ${data.id} at ${position} after ${prev}`;
    if (prev > this.#position) this.faults.push(`gap: ${subject}, with ${this.#position} the last`);
    if (position < this.#position) this.faults.push(`disorder: ${subject}, with ${this.#position} the last`);
    if (position === this.#position && (this.#received?.has(data.id) ?? true)) this.faults.push(`repeat: ${subject}`);
    if (position > this.#position || !this.#received) this.#received = new Set();
    this.#received.add(data.id);
    this.#position = position;
    const { deleted, ...shown } = data;
    const entities: Map<string, unknown> = type === 'service-update' ? this.#services : this.#incidents;
    if (deleted) entities.delete(data.id);
    else entities.set(data.id, shown);
  }
}
