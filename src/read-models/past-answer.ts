// Answers a question about the past from the read models of that time.
import { type EntityKind, entitiesIn } from '../../projections/entity-kind.ts';
import { KINDS } from '../../projections/kinds.ts';
import type { Models } from '../../projections/models.ts';
import { orderPosition, type PageOrder, selectOrder, showOrder } from '../../projections/order.ts';
import type { Organization } from '../../projections/organization.ts';
import { selectOrganizations } from '../../projections/organizations.ts';
import { type Place, selectPage } from '../../projections/page.ts';
import { selectEntities, selectPosition } from '../../projections/selection.ts';
import type { Group } from '../../projections/service/group.ts';
import type { Service } from '../../projections/service.ts';
import { type Entity, inParts } from '../../projections/state/collection.ts';
import { selectStatus, statusPosition } from '../../projections/status.ts';
import { secondOf } from '../../projections/uptime/seconds.ts';
import { uptimeOfOrganization, uptimeSettings, uptimeTermsOfDays } from '../../projections/uptime-figures.ts';
import { isMember, type Viewer } from '../../projections/viewer/viewer.ts';
import { pageAnswer } from './page-answer.ts';
import {
  type ListSubject,
  type PageSubject,
  type PastAnswer,
  type PastQuestion,
  type UptimeSubject,
  type ViewSubject,
  viewerOf,
} from './past-question.ts';
import { showOrganizationTo } from './shown-organization.ts';
import { selectView } from './views.ts';

/** Those of the entities with these ids that have been deleted by today. `aggregate` is the noun of their kind. */
export type DeletedAmong = (aggregate: string, ids: readonly string[]) => Promise<ReadonlySet<string>>;

/** What is said of an answer beside its JSON. */
type Said = Pick<PastAnswer, 'position' | 'next'>;

/** Yields the answer piece by piece, as JSON, and returns what else is to be said of it. */
export async function* answerPast(
  models: Models,
  { subject, viewer: asking }: PastQuestion,
  deletedAmong: DeletedAmong,
): AsyncGenerator<string, Said> {
  const viewer = viewerOf(asking);
  if ('status' in subject) {
    yield JSON.stringify(selectStatus(models, viewer, subject.status));
    return { position: statusPosition(models, viewer, subject.status) };
  }
  if ('uptime' in subject) {
    const { answer, next } = uptimesThen(models, viewer, subject.uptime);
    yield JSON.stringify(answer);
    return { position: answer.position, next };
  }
  if ('list' in subject) return yield* answerList(models, viewer, subject, deletedAmong);
  if ('order' in subject) {
    yield JSON.stringify(await orderShownTo(viewer, models, subject.order, deletedAmong));
    return { position: orderPosition(models.services, viewer, subject.order) };
  }
  if ('page' in subject) {
    const answer = await pageThen(models, viewer, subject.page, deletedAmong);
    yield JSON.stringify(answer);
    return { position: answer.position };
  }
  if ('view' in subject) {
    const view = await viewThen(models, viewer, subject.view, deletedAmong);
    yield JSON.stringify(view ?? null);
    return { position: view?.frame.position ?? 0 };
  }
  const organizations = selectOrganizations(models.organizations, viewer);
  const text = new ListText((each: Organization) => showOrganizationTo(viewer, each));
  for (const part of inParts(organizations)) yield text.of(part);
  yield text.end();
  return { position: organizations.reduce((last, { position }) => Math.max(last, position), 0) };
}

function uptimesThen(models: Models, viewer: Viewer, { days, time, ...page }: UptimeSubject) {
  const moment = { now: secondOf(time), isLive: false };
  const settings = uptimeSettings(models, page.organizationId);
  return uptimeOfOrganization(models, viewer, page, uptimeTermsOfDays(days, settings, moment));
}

async function pageThen(models: Models, viewer: Viewer, { time, ...asked }: PageSubject, deletedAmong: DeletedAmong) {
  const hidden = await hiddenFrom(viewer, models, asked.organizationId, deletedAmong);
  return pageAnswer(models, viewer, { ...asked, hidden }, { now: secondOf(time), isLive: false });
}

async function viewThen(models: Models, viewer: Viewer, { time, ...asked }: ViewSubject, deletedAmong: DeletedAmong) {
  const hidden = await hiddenFrom(viewer, models, asked.organizationId, deletedAmong);
  return selectView(models, viewer, { ...asked, hidden }, { now: secondOf(time), isLive: false });
}

/** What pages list of the organisation, and was deleted since: only its members see that. */
async function hiddenFrom(
  viewer: Viewer,
  models: Models,
  organizationId: string,
  deletedAmong: DeletedAmong,
): Promise<ReadonlySet<string>> {
  const hidden = new Set<string>();
  if (isMember(viewer, organizationId)) return hidden;
  for (const kind of KINDS.filter(({ plural }) => LISTED.has(plural))) {
    for (const part of inParts(selectEntities(entitiesIn(kind, models), viewer, { organizationId }))) {
      const ids = part.map(({ id }) => id);
      for (const id of await deletedAmong(kind.aggregate, ids)) hidden.add(id);
    }
  }
  return hidden;
}

/** The kinds of entity that pages list. */
const LISTED: ReadonlySet<string> = new Set(['services', 'groups', 'incidents', 'maintenances']);

async function* answerList(
  models: Models,
  viewer: Viewer,
  { list, filter, page }: ListSubject,
  deletedAmong: DeletedAmong,
): AsyncGenerator<string, Said> {
  const kind = kindNamed(list);
  const collection = entitiesIn(kind, models);
  const position = selectPosition(collection, viewer, filter);
  const text = new ListText<Entity>(kind.show);
  const shown = (entities: readonly Entity[]) => shownTo(viewer, entities, (ids) => deletedAmong(kind.aggregate, ids));
  let next: Place | undefined;
  if (page) {
    let { after, limit } = page;
    do {
      const steps = selectPage(kind, models, viewer, { ...page, filter, after, limit });
      let step = steps.next();
      for (; !step.done; step = steps.next()) yield '';
      const entities = await shown(step.value.entities);
      yield text.of(entities);
      limit -= entities.length;
      after = step.value.next;
    } while (limit > 0 && after !== undefined);
    next = after;
  } else {
    for (const part of inParts(selectEntities(collection, viewer, filter))) yield text.of(await shown(part));
  }
  yield text.end();
  return { position, next };
}

function kindNamed(plural: string): EntityKind<Models> {
  const kind = KINDS.find((each) => each.plural === plural);
  if (!kind) throw new Error(`There is no kind of entity named ${plural}.`);
  return kind;
}

/** The order of the page. Whoever does not see a group sees its services without one. */
async function orderShownTo(
  viewer: Viewer,
  models: Models,
  organizationId: string,
  deletedAmong: DeletedAmong,
): Promise<PageOrder> {
  const { groups, services } = selectOrder(models.services, viewer, organizationId);
  const shownOf = async <E extends Entity>(aggregate: string, entities: readonly E[]): Promise<readonly E[]> => {
    const shown: E[] = [];
    for (const part of inParts(entities)) {
      shown.push(...(await shownTo(viewer, part, (ids) => deletedAmong(aggregate, ids))));
    }
    return shown;
  };
  const all = await shownOf(
    'group',
    groups.map(({ group }) => group),
  );
  const isShown = ({ group }: (typeof groups)[number]) => all.includes(group);
  const hidden = groups.filter((each) => !isShown(each)).flatMap((each) => each.services);
  const ordered: { group: Group; services: readonly Service[] }[] = [];
  for (const each of groups.filter(isShown))
    ordered.push({ ...each, services: await shownOf('service', each.services) });
  return showOrder({ groups: ordered, services: await shownOf('service', [...services, ...hidden]) });
}

/** Only members see an entity that has been deleted since. Other viewers see what they can see today. */
async function shownTo<E extends Entity>(
  viewer: Viewer,
  entities: readonly E[],
  deletedAmong: (ids: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<readonly E[]> {
  const asStranger = entities.filter(({ organizationId }) => !isMember(viewer, organizationId));
  if (asStranger.length === 0) return entities;
  const hidden = await deletedAmong(asStranger.map(({ id }) => id));
  return entities.filter(({ id, organizationId }) => !hidden.has(id) || isMember(viewer, organizationId));
}

/** The JSON of an array, part by part. */
class ListText<T> {
  readonly #show: (item: T) => object;
  #before = '[';

  constructor(show: (item: T) => object) {
    this.#show = show;
  }

  of(items: readonly T[]): string {
    let text = '';
    for (const item of items) {
      text += this.#before + JSON.stringify(this.#show(item));
      this.#before = ',';
    }
    return text;
  }

  end(): string {
    return this.#before === '[' ? '[]' : ']';
  }
}
