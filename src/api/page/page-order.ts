// The routes of /api/page/order: which groups and services come where on the page of an organisation.
import * as z from 'zod';
import { groupKind } from '../../../projections/groups.ts';
import type { Models } from '../../../projections/models.ts';
import { type PageOrder, selectOrder, showOrder } from '../../../projections/order.ts';
import { serviceKind } from '../../../projections/services.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import { organizationAsked } from '../../commands/fields.ts';
import { orderPage, orderPageInput, orderVersion } from '../../commands/page-order.ts';
import { SAMPLE } from '../../commands/sample-data.ts';
import { type Asking, asOfFields, isPast, type When } from '../../http/as-of.ts';
import { commandAnswer, entityTag } from '../../http/command-answer.ts';
import type { EntityParts } from '../../http/entity-parts.ts';
import type { Answer, Reply, Route } from '../../http/route.ts';
import { type AboutPage, aboutPage } from './page-settings.ts';
import { revalidationOf } from './revalidation.ts';

const PATH = '/api/page/order';

const ids = z.array(z.uuid());

const orderSchema = z
  .object({
    groups: z.array(z.object({ id: z.uuid(), services: ids })).describe('The groups, and the services in each'),
    services: ids.describe('The services without a group, which come last'),
  })
  .meta({ id: 'PageOrder' }) satisfies z.ZodType<PageOrder>;

const { service, group } = SAMPLE.ids;

const exampleOrder: PageOrder = { groups: [{ id: group, services: [service] }], services: [SAMPLE.otherService] };

export function pageOrderRoutes({ models, dispatch, asOf }: EntityParts): Route[] {
  const shape = { schema: orderSchema, example: exampleOrder, tagged: true };

  const orderIn = (then: Models, viewer: Viewer, organizationId: string): Reply =>
    shown(showOrder(selectOrder(then.services, viewer, organizationId)));

  /** Synchronous: body, tag and revalidation must come from the same state. */
  const orderNow = (viewer: Viewer, organizationId: string): Reply => {
    const source = { models, kinds: [serviceKind, groupKind], rebuild: () => orderNow(viewer, organizationId) };
    return {
      ...orderIn(models.current, viewer, organizationId),
      ...revalidationOf(source, viewer, { organizationId }),
    };
  };

  const orderThen = async (asking: Asking, organizationId: string, when: When): Promise<Answer> => {
    const past = await asOf.ask({ order: organizationId }, when, asking);
    if (past === 'present') return asking.turn(() => orderNow(asking.viewer, organizationId));
    return 'problem' in past ? past : shown(JSON.parse(past.bytes.toString()));
  };

  const get: Route<unknown, AboutPage & When> = {
    method: 'get',
    path: PATH,
    operationId: 'getPageOrder',
    tag: 'page',
    summary: 'Get the order of groups and services on a page',
    description: 'Groups and services that nobody has placed come last, in the order of their creation.',
    access: 'anyone',
    query: aboutPage.extend(asOfFields),
    success: { status: 200, description: 'The order', ...shape },
    problems: ['overloaded'],
    cacheable: true,
    handle({ query: { at, position, ...query }, ...request }) {
      const organizationId = organizationAsked(request.viewer, query);
      const when = { at, position };
      return isPast(when) ? orderThen(request, organizationId, when) : orderNow(request.viewer, organizationId);
    },
  };

  const order: Route<unknown, AboutPage, z.output<typeof orderPageInput>> = {
    method: 'put',
    path: PATH,
    operationId: 'orderPage',
    tag: 'page',
    summary: 'Set the order of groups and services on a page',
    description:
      'What the body does not name comes behind what it names, in its present order. A service moves into the group under ' +
      'which it is named; under `services` it leaves its group. The ETag stands for the order as a whole.',
    access: 'admin',
    query: aboutPage,
    body: orderPageInput,
    bodyExample: { services: [service, SAMPLE.otherService] },
    success: { status: 200, description: 'The order', ...shape },
    problems: ['not-found', 'unknown-group', 'unknown-service'],
    conditional: true,
    async handle({ viewer, query, body, terms }) {
      const organizationId = organizationAsked(viewer, query);
      const dispatched = await dispatch(orderPage, { ...body, organizationId }, terms);
      return commandAnswer(dispatched, viewer, (_events, then) => orderIn(then, viewer, organizationId));
    },
  };

  return [get, order];
}

function shown(order: PageOrder): Reply {
  return { status: 200, body: order, etag: entityTag({ version: orderVersion(order), position: 0 }) };
}
