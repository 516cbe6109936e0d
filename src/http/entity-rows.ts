// What the rows of every kind of entity have in common: its list, one of it, its end, and the answers that show it.
import { z } from 'zod';
import type { Entity } from '../../projections/collection.ts';
import { entityId } from '../../projections/envelope.ts';
import type { RecordedEvent } from '../../projections/events.ts';
import type { Filter } from '../../projections/scope.ts';
import type { Viewer } from '../../projections/viewer.ts';
import type { Command } from '../commands/command.ts';
import type { Dispatch } from '../commands/dispatch.ts';
import type { Models, ReadModels } from '../log/read-models.ts';
import { commandAnswer, entityTag } from './command-answer.ts';
import type { Answer, Route } from './route.ts';
import { filterQuery, type IdParams, idParams } from './schemas.ts';

/** A kind of entity: its words, its shape, and how it is found and shown. */
export interface Kind<E extends Entity> {
  readonly name: 'Service' | 'Incident';
  /** How a new one comes about: the list is in that order. */
  readonly origin: string;
  readonly schema: z.ZodType;
  readonly example: unknown;
  readonly remove: Command<IdParams>;
  select(models: Models, viewer: Viewer, id: string): E | undefined;
  list(models: Models, viewer: Viewer, filter: Filter): E[];
  /** Position of the last event that touched the list. */
  position(models: Models, viewer: Viewer, filter: Filter): number;
  /** The entity as these events alone make it. */
  fold(events: readonly RecordedEvent[], id: string): E | undefined;
  show(entity: E): object;
}

export function entityRows<E extends Entity>(kind: Kind<E>, models: ReadModels, dispatch: Dispatch) {
  const { name, origin, schema, example } = kind;
  const noun = name.toLowerCase();
  const path = `/api/${noun}s`;

  /** The entity as the viewer may see it in these models. */
  const one = (then: Models, viewer: Viewer, id: string): Answer => {
    const entity = kind.select(then, viewer, id);
    if (!entity) return { problem: 'not-found', detail: `There is no ${noun} ${id}.` };
    return { status: 200, body: kind.show(entity), etag: entityTag(entity) };
  };

  /** The entity as its first commit made it: the same answer to a repeat, whatever happened since. */
  const created = (events: readonly RecordedEvent[]): Answer => {
    const id = events[0] ? entityId(events[0]) : '';
    const entity = kind.fold(events, id);
    if (!entity) throw new Error(`The commit of the new ${noun} ${id} does not hold it.`);
    return { status: 201, body: kind.show(entity), etag: entityTag(entity), headers: { Location: `${path}/${id}` } };
  };

  const list: Route<unknown, Filter> = {
    method: 'get',
    path,
    operationId: `list${name}s`,
    tag: `${noun}s`,
    summary: `All ${noun}s, in the order of their ${origin}`,
    access: 'read',
    query: filterQuery,
    success: {
      status: 200,
      description: `The ${noun}s`,
      schema: z.array(schema),
      example: [example],
      tagged: true,
    },
    problems: [],
    handle({ viewer, query }) {
      const body = kind.list(models.current, viewer, query).map(kind.show);
      return { status: 200, body, etag: String(kind.position(models.current, viewer, query)) };
    },
  };

  const get: Route<IdParams> = {
    method: 'get',
    path: `${path}/{id}`,
    operationId: `get${name}`,
    tag: `${noun}s`,
    summary: `One ${noun}`,
    access: 'read',
    params: idParams,
    success: { status: 200, description: `The ${noun}`, schema, example, tagged: true },
    problems: ['not-found'],
    handle: ({ viewer, params: { id } }) => one(models.current, viewer, id),
  };

  const remove: Route<IdParams> = {
    method: 'delete',
    path: `${path}/{id}`,
    operationId: `delete${name}`,
    tag: `${noun}s`,
    summary: `Delete a ${noun}; its events stay in the log`,
    access: 'write',
    params: idParams,
    success: { status: 204, description: 'It is gone' },
    problems: ['not-found'],
    conditional: true,
    async handle({ viewer, params, terms }) {
      return commandAnswer(await dispatch(kind.remove, params, terms), viewer, () => ({ status: 204 }));
    },
  };

  return { list, get, remove, one, created };
}
