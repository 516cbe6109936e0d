// The routes that every kind of entity has: list, get and delete, and the answers that show an entity.
import * as z from 'zod';
import { type EntityKind, entitiesIn, foldEntity } from '../../../projections/entity-kind.ts';
import { entityId } from '../../../projections/events/envelope.ts';
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import type { Role } from '../../../projections/events/roles.ts';
import type { Models } from '../../../projections/models.ts';
import { selectPage } from '../../../projections/page.ts';
import { redactedAt } from '../../../projections/redactions.ts';
import { selectEntity, selectPosition, visibleEntity } from '../../../projections/selection.ts';
import { type Entity, findEntity } from '../../../projections/state/collection.ts';
import type { Filter } from '../../../projections/viewer/scope.ts';
import { inAudience, isMember, type Viewer } from '../../../projections/viewer/viewer.ts';
import { inSteps } from '../../bounds/steps.ts';
import type { Command } from '../../commands/command.ts';
import type { DryRun } from '../../commands/dispatch.ts';
import { type Asking, asOfFields, isPast, type When } from '../../http/as-of.ts';
import { commandAnswer, entityTag } from '../../http/command-answer.ts';
import type { EntityParts } from '../../http/entity-parts.ts';
import { filterQuery, type IdParams, idParamsOf } from '../../http/parameters.ts';
import type { Problem } from '../../http/problem.ts';
import type { Answer, Reply, Route } from '../../http/route.ts';
import { EncodedLists } from '../../read-models/encoded-lists.ts';
import type { PastAnswer } from '../../read-models/past-question.ts';
import { jsonOnce } from './json-once.ts';
import { namesOf } from './kind-names.ts';
import {
  asksForPage,
  checkPage,
  linkHeaders,
  type PageParameters,
  pageFields,
  pageQuery,
  spanFields,
} from './paging.ts';
import { revalidationOf } from './revalidation.ts';

/** A kind of entity, and what its routes need in addition. */
export interface EntityResource<E extends Entity> {
  readonly kind: EntityKind<Models, E>;
  /** The query parameters that its list can be filtered by. */
  readonly filters: z.ZodRawShape;
  /** The word for how an entity comes into being (`creation`, `opening`). Lists are in that order. */
  readonly origin: string;
  readonly schema: z.ZodType;
  readonly example: unknown;
  readonly remove: Command<IdParams>;
  /** What an entity shows of other streams, as of these read models: a state without entities. Default: nothing. */
  readonly surroundings?: (then: Models) => unknown;
  /** The role required to delete an entity. */
  readonly remover: Role;
}

type ListQuery = Filter & PageParameters & When;
type TaggedReply = Reply & { readonly logTag: number };

export interface EntityRowParts extends EntityParts {
  readonly preview: DryRun;
  /** Memory for the encoded lists of a kind of entity, in bytes. */
  readonly listBytes: number;
}

export function entityRows<E extends Entity>(resource: EntityResource<E>, parts: EntityRowParts) {
  const { models, dispatch, asOf, listBytes } = parts;
  const { kind, origin, filters, schema, example, surroundings } = resource;
  const { noun, plural, name, pluralName } = namesOf(kind);
  const path = `/api/${plural}`;
  const params = idParamsOf(noun);
  const json = jsonOnce<E>(kind.show);
  const lists = new EncodedLists(kind, json, { models, bytes: listBytes });
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

  const unknown = (id: string): Problem => ({ problem: 'not-found', detail: `There is no ${noun} ${id}.` });

  const shown = (entity: E | undefined, viewer: Viewer, id: string, when: When): Answer => {
    if (!entity) return unknown(id);
    const position = tagPosition(entity.position, when, viewer, entity.organizationId);
    return { status: 200, body: kind.show(entity), etag: entityTag({ ...entity, position }) };
  };

  /** The entity as it was. Only members see one that has been deleted since: others see what they can see today. */
  const entityThen = async ({ viewer, payer, turn, signal }: Asking, id: string, when: When): Promise<E | Problem> => {
    const moment = { ...when, payer, turn, signal };
    const then = await asOf.fold(kind.projection, (current) => kind.streams(current, id), moment);
    if ('problem' in then) return then;
    const entity = visibleEntity(findEntity(kind.collection(then.state), id), viewer);
    const isShown = entity && (isMember(viewer, entity.organizationId) || select(models.current, viewer, id));
    return isShown ? entity : unknown(id);
  };

  const oneThen = async (asking: Asking, id: string, when: When): Promise<Answer> => {
    const entity = await entityThen(asking, id, when);
    return 'problem' in entity ? entity : shown(entity, asking.viewer, id, when);
  };

  /** The entity as of now or then, for what is derived from it. */
  const entityAt = async (asking: Asking, id: string, when: When): Promise<E | Problem> =>
    isPast(when) ? entityThen(asking, id, when) : (select(models.current, asking.viewer, id) ?? unknown(id));

  const oneNow = (viewer: Viewer, id: string): Answer => {
    const find = () => select(models.current, viewer, id);
    const entity = find();
    const revalidation = { isCurrent: () => find() === entity, rebuild: () => oneNow(viewer, id) };
    return { ...shown(entity, viewer, id, {}), revalidation };
  };

  /** Synchronous: body, tag and revalidation must come from the same state. */
  const listNow = (viewer: Viewer, filter: Filter): TaggedReply => ({
    status: 200,
    blocks: lists.blocks(viewer, filter),
    logTag: positionOf(models.current, viewer, filter),
    ...revalidationOf({ models, kinds: [kind], rebuild: () => listNow(viewer, filter) }, viewer, filter),
  });

  /** Never cached: the many queries that clients can invent would evict what is requested often. */
  const pageNow = async ({ viewer, turn }: Asking, query: ListQuery): Promise<TaggedReply> => {
    const then = models.current;
    const filter = filterOf(query);
    const { entities, next } = await inSteps(selectPage(kind, then, viewer, { filter, ...pageQuery(query) }), turn);
    const body = await turn(() => Buffer.from(`[${entities.map(json).join(',')}]`));
    return { status: 200, body, logTag: positionOf(then, viewer, filter), headers: linkHeaders(query, next) };
  };

  const nowOf = async (asking: Asking, query: ListQuery): Promise<TaggedReply> => {
    if (asksForPage(query)) return pageNow(asking, query);
    const { viewer, turn } = asking;
    const filter = filterOf(query);
    await inSteps(lists.prepare(viewer, filter), turn);
    return turn(() => listNow(viewer, filter));
  };

  const listThen = async (asking: Asking, query: ListQuery): Promise<Answer> => {
    const filter = filterOf(query);
    const page = asksForPage(query) ? { page: pageQuery(query) } : {};
    const past = await asOf.ask({ list: kind.plural, filter, ...page }, query, asking);
    if (past !== 'present' && 'problem' in past) return past;
    const then = past === 'present' ? await nowOf(asking, query) : replyOf(past, query);
    return { ...then, logTag: tagPosition(then.logTag, query, asking.viewer, filter.organizationId) };
  };

  /** The entity as its first commit created it, so that a repeat gets the same answer whatever has changed since. */
  const created = (events: readonly RecordedEvent[], then: Models): Answer => {
    const id = events[0] ? entityId(events[0]) : '';
    const entity = foldEntity(kind, events, id, surroundings?.(then));
    if (!entity) throw new Error(`The commit of the new ${noun} ${id} does not contain it.`);
    return { status: 201, body: kind.show(entity), etag: entityTag(entity), headers: { Location: `${path}/${id}` } };
  };

  const list: Route<unknown, ListQuery> = {
    method: 'get',
    path,
    operationId: `list${pluralName}`,
    tag: plural,
    summary: `List all ${noun}s, in the order of their ${origin}`,
    description:
      'Any of `limit`, `cursor` and the filters ask for a page, over all organisations in the order of creation' +
      `${kind.span ? ', or with `order=began` in that in which they began' : ''}. ` +
      'The `Link` header leads to the next page; the last page has none.',
    access: 'anyone',
    query: filterQuery
      .extend({ ...filters, ...pageFields, ...(kind.span ? spanFields : {}), ...asOfFields })
      .superRefine((sent, context) => checkPage(sent as PageParameters, context)),
    success: {
      status: 200,
      description: `The ${plural}`,
      schema: z.array(schema),
      example: [example],
      tagged: true,
      paged: true,
    },
    problems: ['overloaded'],
    cacheable: true,
    handle({ query, ...request }) {
      const asking = { ...request, viewer: inAudience(request.viewer, kind.audience) };
      return isPast(query) ? listThen(asking, query) : nowOf(asking, query);
    },
  };

  const get: Route<IdParams, When> = {
    method: 'get',
    path: `${path}/{id}`,
    operationId: `get${name}`,
    tag: plural,
    summary: `Get one ${noun}`,
    access: 'anyone',
    params,
    query: z.object(asOfFields),
    success: { status: 200, description: `The ${noun}`, schema, example, tagged: true },
    problems: ['not-found'],
    cacheable: true,
    handle({ params: { id }, query, ...request }) {
      const viewer = inAudience(request.viewer, kind.audience);
      return isPast(query) ? oneThen({ ...request, viewer }, id, query) : oneNow(viewer, id);
    },
  };

  const remove: Route<IdParams> = {
    method: 'delete',
    path: `${path}/{id}`,
    operationId: `delete${name}`,
    tag: plural,
    summary: `Delete one ${noun}; its events stay in the log`,
    access: resource.remover,
    params,
    success: { status: 204, description: `The ${noun} is deleted` },
    problems: ['not-found'],
    conditional: true,
    async handle({ viewer, params, terms }) {
      return commandAnswer(await dispatch(resource.remove, params, terms), viewer, () => ({ status: 204 }));
    },
  };

  return { list, get, remove, one, created, entityAt };
}

/** The part of the query that says whose entities are asked for. */
function filterOf({ organizationId, tenantId }: Filter): Filter {
  return {
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(tenantId === undefined ? {} : { tenantId }),
  };
}

/** The answer of the past to a query, which may have been for a page. */
function replyOf({ bytes: body, position: logTag, next }: PastAnswer, query: ListQuery): TaggedReply {
  return { status: 200, body, logTag, headers: linkHeaders(query, next) };
}
