// The publisher: pipes what each commit changed to the rooms that hear of it.
import { type Observable, Subject, takeUntil } from 'rxjs';
import type { Server } from 'socket.io';
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import { findOrganization } from '../../projections/organizations.ts';
import { isMember } from '../../projections/viewer/viewer.ts';
import type { EventLog } from '../log/event-log.ts';
import type { Report } from '../log/report.ts';
import type { Transition } from '../read-models/read-models.ts';
import type { Client } from './client.ts';
import { conflated } from './conflation.ts';
import type { StatusUpdate } from './protocol.ts';
import type { RoomHistory } from './room-history.ts';
import type { RoomMembership } from './room-membership.ts';
import { organizationRoom, roomOf } from './rooms.ts';
import {
  changedOrganizations,
  type EntityChange,
  entityChanges,
  organizationUpdate,
  statusUpdates,
  updateOf,
} from './updates.ts';

export interface PublisherParts {
  readonly io: Server;
  readonly log: EventLog;
  readonly history: RoomHistory;
  readonly membership: RoomMembership;
  /** Emits when nothing is to be published any more. */
  readonly closed$: Observable<void>;
  readonly report: Report;
}

/** The status updates of a room are at least this far apart, in milliseconds: only the latest one counts. */
const STATUS_INTERVAL = 100;

export class Publisher {
  readonly #parts: PublisherParts;
  readonly #statuses$ = new Subject<StatusUpdate>();

  constructor(parts: PublisherParts) {
    this.#parts = parts;
    conflated(this.#statuses$, STATUS_INTERVAL)
      .pipe(takeUntil(parts.closed$))
      .subscribe((update) => this.#emit(update.room, update.type, update));
  }

  /**
   * Tells rooms of a commit, and remembers what they were told. Does not throw: that would end the stream of commits
   * for every room.
   */
  readonly publish = (transition: Transition): void => {
    const { history, report } = this.#parts;
    const { events, redacted, first } = transition.batch;
    try {
      if (redacted) for (const event of events) history.forget(roomOf(event));
      // First: a client that may no longer hear what follows must not.
      if (this.#isHeard) for (const id of changedOrganizations(transition)) this.#publishOrganization(id, transition);
      const changes = entityChanges(transition);
      for (const change of changes) this.#publishChange(change, transition);
      if (!this.#isHeard) return;
      for (const update of statusUpdates(transition, changes)) this.#statuses$.next(update);
    } catch (error) {
      report(`rooms were not told of the commit at ${first}`, error);
    }
  };

  get #isHeard(): boolean {
    return this.#parts.io.sockets.sockets.size > 0;
  }

  #publishChange(change: EntityChange, { batch }: Transition): void {
    const { history, log } = this.#parts;
    // So far back in a log that is replayed, nothing would be remembered, and nobody is there to hear it.
    if (batch.last <= log.head - history.capacity) {
      history.pass(change);
    } else {
      const update = history.append(updateOf(change));
      this.#emit(update.room, update.type, update);
    }
  }

  /**
   * Puts every client whom a change of the organisation concerns into the rooms that it may hear now, and tells members
   * of the change.
   */
  #publishOrganization(id: string, transition: Transition): void {
    const { io, membership } = this.#parts;
    const clients = this.#clientsOf(id);
    for (const client of clients) membership.settle(client);
    const room = organizationRoom(id);
    const members = clients.filter(({ rooms, data }) => rooms.has(room) && isMember(data.viewer, id));
    const organization = findOrganization(transition.after.organizations, id);
    if (!organization || members.length === 0) return;
    const update = organizationUpdate(organization, transition);
    io.to(members.map((client) => client.id)).emit(update.type, update);
  }

  /** The clients that hear of an organisation, and those that wait to. */
  #clientsOf(organizationId: string): Client[] {
    const { sockets, adapter } = this.#parts.io.sockets;
    // Its tenants have rooms of their own, and every client is to be in its room.
    if (organizationId === DEFAULT_ORGANIZATION) return [...sockets.values()];
    return [...(adapter.rooms.get(organizationRoom(organizationId)) ?? [])].flatMap((id) => sockets.get(id) ?? []);
  }

  #emit(room: string, type: string, message: object): void {
    const { io } = this.#parts;
    // Socket.IO encodes before it looks for receivers; a replayed log has none.
    if (io.sockets.adapter.rooms.has(room)) io.to(room).emit(type, message);
  }
}
