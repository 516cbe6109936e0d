// Answers a question about the past from the read models of that time.
import { type EntityKind, entitiesIn } from '../../projections/entity-kind.ts';
import { KINDS } from '../../projections/kinds.ts';
import type { Models } from '../../projections/models.ts';
import type { Organization } from '../../projections/organization.ts';
import { selectOrganizations } from '../../projections/organizations.ts';
import { selectEntities, selectPosition } from '../../projections/selection.ts';
import { type Entity, inParts } from '../../projections/state/collection.ts';
import { selectStatus, statusPosition } from '../../projections/status.ts';
import { isMember, type Viewer } from '../../projections/viewer/viewer.ts';
import { type PastQuestion, viewerOf } from './past-question.ts';
import { showOrganizationTo } from './shown-organization.ts';

/** Those of the entities with these ids that have been deleted by today. `aggregate` is the noun of their kind. */
export type DeletedAmong = (aggregate: string, ids: readonly string[]) => Promise<ReadonlySet<string>>;

/** Yields the answer piece by piece, as JSON, and returns the position of the last event that changed it. */
export async function* answerPast(
  models: Models,
  { subject, viewer: asking }: PastQuestion,
  deletedAmong: DeletedAmong,
): AsyncGenerator<string, number> {
  const viewer = viewerOf(asking);
  if ('status' in subject) {
    yield JSON.stringify(selectStatus(models, viewer, subject.status));
    return statusPosition(models, viewer, subject.status);
  }
  if ('list' in subject) {
    const kind = kindNamed(subject.list);
    const collection = entitiesIn(kind, models);
    const text = new ListText<Entity>(kind.show);
    for (const part of inParts(selectEntities(collection, viewer, subject.filter))) {
      yield text.of(await shownTo(viewer, part, (ids) => deletedAmong(kind.aggregate, ids)));
    }
    yield text.end();
    return selectPosition(collection, viewer, subject.filter);
  }
  const organizations = selectOrganizations(models.organizations, viewer);
  const text = new ListText((each: Organization) => showOrganizationTo(viewer, each));
  for (const part of inParts(organizations)) yield text.of(part);
  yield text.end();
  return organizations.reduce((last, { position }) => Math.max(last, position), 0);
}

function kindNamed(plural: string): EntityKind<Models> {
  const kind = KINDS.find((each) => each.plural === plural);
  if (!kind) throw new Error(`There is no kind of entity named ${plural}.`);
  return kind;
}

/** Only members see an entity that has been deleted since. Other viewers see what they can see today. */
async function shownTo(
  viewer: Viewer,
  entities: readonly Entity[],
  deletedAmong: (ids: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<readonly Entity[]> {
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
