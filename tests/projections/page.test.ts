// Pages: walking through them meets every entity once, whatever is created and deleted meanwhile.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type EntityKind, entitiesIn } from '../../projections/entity-kind.ts';
import { incidentKind } from '../../projections/incidents.ts';
import type { Models } from '../../projections/models.ts';
import { type Order, type Page, type PageQuery, type Place, selectPage } from '../../projections/page.ts';
import { selectEntities } from '../../projections/selection.ts';
import { serviceKind } from '../../projections/services.ts';
import type { Entity } from '../../projections/state/collection.ts';
import type { Filter } from '../../projections/viewer/scope.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { entityParts } from '../support/entity-parts.ts';
import { type Step, step, take } from '../support/histories.ts';
import { anyone } from '../support/scenario.ts';
import { sized } from '../support/size.ts';

const ORGANIZATIONS = ['umbrella', 'default', 'acme'];
const viewers: readonly Viewer[] = [
  anyone,
  ...[ORGANIZATIONS, ['acme', 'default'], ['default']].map((organizations): Viewer => ({ ...anyone, organizations })),
];
const kinds = [serviceKind, incidentKind] as readonly EntityKind<Models>[];

const asked = fc.record({
  viewer: fc.constantFrom(...viewers),
  kind: fc.constantFrom(...kinds),
  filter: fc.constantFrom({}, {}, { tenantId: 'red' }, { organizationId: 'acme' }),
  limit: fc.integer({ min: 1, max: 4 }),
  order: fc.constantFrom<Order>('recorded', 'began'),
});

/** Without what lets an incident begin at another time: then it can be met twice, or not at all. */
function meanwhile(steps: readonly Step[] = [], { order }: Pick<Asked, 'order'>): readonly Step[] {
  return order === 'began' ? steps.filter(({ action }) => action !== 'assess') : steps;
}

/** In the order of the query, as text. */
function keyOf({ kind, order }: Pick<Asked, 'kind' | 'order'>, entity: Entity): string {
  const origin = String(entity.origin).padStart(9, '0');
  return order === 'began' ? `${kind.span?.(entity).from ?? ''} ${origin}` : origin;
}

/** The entities that the viewer sees of the part, by id, in the order of their creation. */
function seen(models: Models, { kind, viewer, filter }: Pick<Asked, 'kind' | 'viewer' | 'filter'>) {
  const entities = [...selectEntities(entitiesIn(kind, models), viewer, filter)];
  return new Map(entities.sort((a, b) => a.origin - b.origin).map((entity) => [entity.id, entity]));
}

/** What comes out at the end. */
function whole<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

interface Asked extends PageQuery {
  readonly filter: Filter;
  readonly viewer: Viewer;
  readonly kind: EntityKind<Models>;
}

test('walking through all pages while entities come and go meets all that stay once, in order', async () => {
  const steps = fc.array(step, { minLength: 10, maxLength: 40 });
  const between = fc.array(fc.array(step, { maxLength: 3 }), { maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(steps, between, asked, async (history, later, query) => {
      const { log, models } = await entityParts();
      for (const each of history) await take(log, models.current, each);
      const atFirst = seen(models.current, query);
      const gone = new Set<string>();
      const met: Entity[] = [];
      let after: Place | undefined;
      for (let turn = 0; turn === 0 || after !== undefined; turn += 1) {
        const page: Page<Entity> = whole(selectPage(query.kind, models.current, query.viewer, { ...query, after }));
        expect(page.entities.length).toBeLessThanOrEqual(query.limit);
        met.push(...page.entities);
        after = page.next;
        for (const each of meanwhile(later[turn], query)) await take(log, models.current, each);
        const now = seen(models.current, query);
        for (const id of atFirst.keys()) if (!now.has(id)) gone.add(id);
      }
      const ids = met.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const keys = met.map((entity) => keyOf(query, entity));
      expect(keys).toEqual(keys.toSorted());
      expect([...atFirst.keys()].filter((id) => !gone.has(id) && !ids.includes(id))).toEqual([]);
      await log.close();
    }),
    { numRuns: sized(40, 300) },
  );
});

test('filters leave out what does not match', async () => {
  const { log, models } = await entityParts();
  const steps = fc.sample(step, { numRuns: 400, seed: 7 });
  for (const each of steps) await take(log, models.current, each);
  for (const kind of kinds) {
    const all = [...seen(models.current, { kind, viewer: anyone, filter: {} }).values()];
    expect(all.length).toBeGreaterThan(2);
    const found = (terms: Partial<PageQuery>) =>
      whole(selectPage(kind, models.current, anyone, { filter: {}, limit: 1_000, ...terms })).entities;
    for (const status of new Set(all.map(kind.status))) {
      expect(found({ status })).toEqual(all.filter((entity) => kind.status(entity) === status));
    }
    expect(found({ active: true })).toEqual(all.filter((entity) => kind.isActive(entity)));
    expect(found({ active: false })).toEqual(all.filter((entity) => !kind.isActive(entity)));
    expect(found({ limit: 2, after: { origin: all[1]?.origin ?? 0 } })).toEqual(all.slice(2, 4));
  }
  await log.close();
});
