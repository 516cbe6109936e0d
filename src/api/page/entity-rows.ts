// The routes that every kind of entity has: list, get and delete, and the answers that show an entity.
import { z } from 'zod';
import { type EntityKind, entitiesIn, foldEntity } from '../../../projections/entity-kind.ts';
import { entityId } from '../../../projections/events/envelope.ts';
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import type { Role } from '../../../projections/events/roles.ts';
import type { Models } from '../../../projections/models.ts';
import { redactedAt } from '../../../projections/redactions.ts';
import { selectEntity, selectPosition, visibleEntity } from '../../../projections/selection.ts';
import { type Entity, findEntity } from '../../../projections/state/collection.ts';
import type { Filter } from '../../../projections/viewer/scope.ts';
import { isMember, type Viewer } from '../../../projections/viewer/viewer.ts';
import type { Command } from '../../commands/command.ts';
import { type Asking, asOfFields, isPast, type When } from '../../http/as-of.ts';
import { commandAnswer, entityTag } from '../../http/command-answer.ts';
import type { EntityParts } from '../../http/entity-parts.ts';
import { filterQuery, type IdParams, idParams } from '../../http/parameters.ts';
import type { Answer, Reply, Route } from '../../http/route.ts';
import { EncodedLists } from '../../read-models/encoded-lists.ts';
import { jsonOnce } from './json-once.ts';
import { namesOf } from './kind-names.ts';
import { revalidationOf } from './revalidation.ts';

/** A kind of entity, and what its routes need in addition. */
export interface EntityResource<E extends Entity> {
  readonly kind: EntityKind<Models, E>;
  /** The word for how an entity comes into being (`creation`, `opening`). Lists are in that order. */
  readonly origin: string;
  readonly schema: z.ZodType;
  readonly example: unknown;
  readonly remove: Command<IdParams>;
  /** The role required to delete an entity. */
  readonly remover: Role;
}

export interface EntityRowParts extends EntityParts {
  /** Memory for the encoded lists of a kind of entity, in bytes. */
  readonly listBytes: number;
}

export function entityRows<E extends Entity>(resource: EntityResource<E>, parts: EntityRowParts) {
  const { models, dispatch, asOf, listBytes } = parts;
  const { kind, origin, schema, example } = resource;
  const { noun, plural, name, pluralName } = namesOf(kind);
  const path = `/api/${plural}`;
  const lists = new EncodedLists(kind, jsonOnce<E>(kind.show), { models, bytes: listBytes });
  const select = (then: Models, viewer: Viewer, id: string) => selectEntity(entitiesIn(kind, then), viewer, id);
  const positionOf = (then: Models, viewer: Viewer, filter: Filter) =>
    selectPosition(entitiesIn(kind, then), viewer, filter);

  /**
   * The position in the tag of a read. A historical read changes only by redaction, so its tag follows the last
   * redaction.
   */
  const tagPosition = (position: number, when: When, viewer: Viewer, organizationId?: string) =>
    isPast(when) ? Math.max(position, redactedAt(models.current.redactions, viewer, organizationId)) : position;

  /** Answers with the entity in these read models, if the viewer may see it. */
  const one = (then: Models, viewer: Viewer, id: string): Answer => shown(select(then, viewer, id), viewer, id, {});

  const shown = (entity: E | undefined, viewer: Viewer, id: string, when: When): Answer => {
    if (!entity) return { problem: 'not-found', detail: `There is no ${noun} ${id}.` };
    const position = tagPosition(entity.position, when, viewer, entity.organizationId);
    return { status: 200, body: kind.show(entity), etag: entityTag({ ...entity, position }) };
  };

  /** The entity as it was. Only members see one that has been deleted since: others see what they can see today. */
  const oneThen = async ({ viewer, turn }: Asking, id: string, when: When): Promise<Answer> => {
    const then = await asOf.fold(kind.projection, (current) => kind.streams(current, id), { ...when, turn });
    if ('problem' in then) return then;
    const entity = visibleEntity(findEntity(kind.collection(then.state), id), viewer);
    const isShown = entity && (isMember(viewer, entity.organizationId) || select(models.current, viewer, id));
    return shown(isShown ? entity : undefined, viewer, id, when);
  };

  const oneNow = (viewer: Viewer, id: string): Answer => {
    const find = () => select(models.current, viewer, id);
    const entity = find();
    const revalidation = { isCurrent: () => find() === entity, rebuild: () => oneNow(viewer, id) };
    return { ...shown(entity, viewer, id, {}), revalidation };
  };

  /** Synchronous: body, tag and revalidation must come from the same state. */
  const listNow = (viewer: Viewer, filter: Filter): Reply & { readonly logTag: number } => ({
    status: 200,
    blocks: lists.blocks(viewer, filter),
    logTag: positionOf(models.current, viewer, filter),
    ...revalidationOf({ models, kinds: [kind], rebuild: () => listNow(viewer, filter) }, viewer, filter),
  });

  const listThen = async (asking: Asking, filter: Filter, when: When): Promise<Answer> => {
    const { viewer, turn } = asking;
    const past = await asOf.ask({ list: kind.plural, filter }, when, asking);
    if (past !== 'present' && 'problem' in past) return past;
    const then =
      past === 'present' ? await turn(() => listNow(viewer, filter)) : { body: past.bytes, logTag: past.position };
    return { ...then, status: 200, logTag: tagPosition(then.logTag, when, viewer, filter.organizationId) };
  };

  /** The entity as its first commit created it, so that a repeat gets the same answer whatever has changed since. */
  const created = (events: readonly RecordedEvent[]): Answer => {
    const id = events[0] ? entityId(events[0]) : '';
    const entity = foldEntity(kind, events, id);
    if (!entity) throw new Error(`The commit of the new ${noun} ${id} does not contain it.`);
    return { status: 201, body: kind.show(entity), etag: entityTag(entity), headers: { Location: `${path}/${id}` } };
  };

  const list: Route<unknown, Filter & When> = {
    method: 'get',
    path,
    operationId: `list${pluralName}`,
    tag: plural,
    summary: `List all ${noun}s, in the order of their ${origin}`,
    access: 'anyone',
    query: filterQuery.extend(asOfFields),
    success: {
      status: 200,
      description: `The ${plural}`,
      schema: z.array(schema),
      example: [example],
      tagged: true,
    },
    problems: ['overloaded'],
    cacheable: true,
    handle({ query: { at, position, ...filter }, ...request }) {
      const when = { at, position };
      return isPast(when) ? listThen(request, filter, when) : listNow(request.viewer, filter);
    },
  };

  const get: Route<IdParams, When> = {
    method: 'get',
    path: `${path}/{id}`,
    operationId: `get${name}`,
    tag: plural,
    summary: `Get one ${noun}`,
    access: 'anyone',
    params: idParams,
    query: z.object(asOfFields),
    success: { status: 200, description: `The ${noun}`, schema, example, tagged: true },
    problems: ['not-found'],
    cacheable: true,
    handle: ({ params: { id }, query, ...request }) =>
      isPast(query) ? oneThen(request, id, query) : oneNow(request.viewer, id),
  };

  const remove: Route<IdParams> = {
    method: 'delete',
    path: `${path}/{id}`,
    operationId: `delete${name}`,
    tag: plural,
    summary: `Delete one ${noun}; its events stay in the log`,
    access: resource.remover,
    params: idParams,
    success: { status: 204, description: `The ${noun} is deleted` },
    problems: ['not-found'],
    conditional: true,
    async handle({ viewer, params, terms }) {
      return commandAnswer(await dispatch(resource.remove, params, terms), viewer, () => ({ status: 204 }));
    },
  };

  return { list, get, remove, one, created };
}
