// The publisher: sends the changes of each commit to the rooms that show them.
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
import type { EncodedRooms } from './encoded-rooms.ts';
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
  readonly encoded: EncodedRooms;
  readonly membership: RoomMembership;
  /** Emits when publishing must stop. */
  readonly closed$: Observable<void>;
  readonly report: Report;
}

/** Minimum interval between the status updates of a room, in milliseconds. Only the latest one counts. */
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
   * Publishes the changes of a commit and adds them to the history. Never throws: an error would end the stream of
   * commits for every room.
   */
  readonly publish = (transition: Transition): void => {
    const { log, history, encoded, report } = this.#parts;
    const { events, redacted, first } = transition.batch;
    try {
      if (redacted) {
        for (const event of events) history.forget(roomOf(event));
        encoded.clear();
      }
      // Organisations first: they can take clients out of rooms, which must not receive the updates that follow.
      if (this.#hasClients)
        for (const id of changedOrganizations(transition)) this.#publishOrganization(id, transition);
      const changes = entityChanges(transition);
      for (const change of changes) this.#publishChange(change, transition);
      if (!this.#hasClients) return;
      for (const update of statusUpdates(transition, changes, log.id)) this.#statuses$.next(update);
    } catch (error) {
      report(`the changes of the commit at ${first} could not be published to the rooms`, error);
    }
  };

  get #hasClients(): boolean {
    return this.#parts.io.sockets.sockets.size > 0;
  }

  #publishChange(change: EntityChange, { batch }: Transition): void {
    const { history, log } = this.#parts;
    // A replayed event this far back would not stay in the history, and no client is connected yet.
    if (batch.last <= log.head - history.capacity) {
      history.advance(change);
    } else {
      const update = history.append(updateOf(change, log.id));
      this.#emit(update.room, update.type, update);
    }
  }

  /** Updates the rooms of every client that a change of the organisation affects, and sends the change to members. */
  #publishOrganization(id: string, transition: Transition): void {
    const { io, membership } = this.#parts;
    const clients = this.#clientsOf(id);
    for (const client of clients) membership.update(client);
    const room = organizationRoom(id);
    const members = clients.filter(({ rooms, data }) => rooms.has(room) && isMember(data.viewer, id));
    const organization = findOrganization(transition.after.organizations, id);
    if (!organization || members.length === 0) return;
    const update = organizationUpdate(organization, transition);
    io.to(members.map((client) => client.id)).emit(update.type, update);
  }

  /** The clients in the room of an organisation. */
  #clientsOf(organizationId: string): Client[] {
    const { sockets, adapter } = this.#parts.io.sockets;
    // All clients: a change can affect the tenants' rooms, and can open the room of everyone to clients outside it.
    if (organizationId === DEFAULT_ORGANIZATION) return [...sockets.values()];
    return [...(adapter.rooms.get(organizationRoom(organizationId)) ?? [])].flatMap((id) => sockets.get(id) ?? []);
  }

  #emit(room: string, type: string, message: object): void {
    const { io } = this.#parts;
    // Socket.IO encodes a message before it looks for receivers. During a replay there are none.
    if (io.sockets.adapter.rooms.has(room)) io.to(room).emit(type, message);
  }
}
