// The rows of the pages that an incident, a maintenance and a service have, by id.
import * as z from 'zod';
import { type EntityKind, entitiesIn } from '../../../projections/entity-kind.ts';
import { incidentKind } from '../../../projections/incidents.ts';
import { maintenanceKind } from '../../../projections/maintenances.ts';
import type { Models } from '../../../projections/models.ts';
import { isDeletedOrganization } from '../../../projections/organizations.ts';
import { selectEntity } from '../../../projections/selection.ts';
import { serviceKind } from '../../../projections/services.ts';
import type { Entity } from '../../../projections/state/collection.ts';
import { isMember, maySee } from '../../../projections/viewer/viewer.ts';
import { type Asking, isPast, type When } from '../../http/as-of.ts';
import type { IdParams } from '../../http/parameters.ts';
import { idParamsOf } from '../../http/parameters.ts';
import { NOTHING_HERE, type Problem } from '../../http/problem.ts';
import type { Answer, Route } from '../../http/route.ts';
import type { End } from '../../read-models/time-travel.ts';
import type { View } from '../../read-models/views.ts';
import { IncidentPage, momentsOfIncident, type UpdateOrder } from '../pages/incident-page.tsx';
import { MaintenancePage, momentsOfMaintenance } from '../pages/maintenance-page.tsx';
import { ServicePage } from '../pages/service-page.tsx';
import { homeOf } from '../reply/organization-path.ts';
import { pageQuery } from '../reply/page-query.ts';
import type { AnswerPage, PageParts } from '../reply/page-reply.ts';
import { HTML_PAGE } from './page-row.ts';

const incidentQuery = pageQuery.extend({
  order: z
    .enum(['newest', 'oldest'])
    .exactOptional()
    .describe('Which update comes first. Default: the newest while it goes on, then the oldest'),
});

const serviceQuery = pageQuery.extend({
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month, as in 2026-08')
    .exactOptional()
    .describe('List the days with trouble of this month. Default: the latest ones'),
});

const ENTITY_PAGE = { ...HTML_PAGE, problems: ['not-found', 'gone', 'overloaded'] } as const;

export function entityPageRows({ models, asOf }: PageParts, answerPage: AnswerPage): Route[] {
  /** Answers with the page of the entity, if the viewer may see it; or says that it is gone. */
  const answer = async <E extends Entity>(
    kind: EntityKind<Models, E>,
    { id, path }: { readonly id: string; readonly path: string },
    asking: Asking & { readonly when: When },
    pageIn: (organizationId: string) => Answer | Promise<Answer>,
  ): Promise<Answer> => {
    const { viewer, when } = asking;
    const present = selectEntity(entitiesIn(kind, models.current), viewer, id);
    if (present) return pageIn(present.organizationId);
    const end = await asOf.endOf(`${kind.aggregate}-${id}`, asking);
    const { organizations } = models.current;
    if (!end || !maySee(viewer, end.organizationId) || isDeletedOrganization(organizations, end.organizationId)) {
      return NOTHING_HERE;
    }
    if (isPast(when) && isMember(viewer, end.organizationId)) return pageIn(end.organizationId);
    return goneFor(end, isMember(viewer, end.organizationId) ? path : undefined);
  };

  const of = (organizationId: string, path: string) => ({
    home: homeOf(models.current.organizations, organizationId),
    path,
    missing: NOTHING_HERE,
  });

  const incident: Route<IdParams, z.output<typeof incidentQuery>> = {
    ...ENTITY_PAGE,
    path: '/incidents/{id}',
    operationId: 'getIncidentPage',
    summary: 'The page of an incident',
    params: idParamsOf('incident'),
    query: incidentQuery,
    handle({ params: { id }, query: { lang: _lang, order, ...when }, reader, ...asking }) {
      const path = `/incidents/${id}`;
      return answer(incidentKind, { id, path }, { ...asking, when }, (organizationId) =>
        answerPage<View<'incident'>>(
          {
            ...of(organizationId, path),
            asked: { view: 'incident', organizationId, id },
            choices: { order },
            when,
            reader,
            Page: ordered(order),
            moments: momentsOfIncident,
          },
          asking,
        ),
      );
    },
  };

  const maintenance: Route<IdParams, z.output<typeof pageQuery>> = {
    ...ENTITY_PAGE,
    path: '/maintenance/{id}',
    operationId: 'getMaintenancePage',
    summary: 'The page of a maintenance',
    params: idParamsOf('maintenance'),
    query: pageQuery,
    handle({ params: { id }, query: { lang: _lang, ...when }, reader, ...asking }) {
      const path = `/maintenance/${id}`;
      return answer(maintenanceKind, { id, path }, { ...asking, when }, (organizationId) =>
        answerPage<View<'maintenance'>>(
          {
            ...of(organizationId, path),
            asked: { view: 'maintenance', organizationId, id },
            when,
            reader,
            Page: MaintenancePage,
            moments: momentsOfMaintenance,
          },
          asking,
        ),
      );
    },
  };

  const service: Route<IdParams, z.output<typeof serviceQuery>> = {
    ...ENTITY_PAGE,
    path: '/services/{id}',
    operationId: 'getServicePage',
    summary: 'The page of a service',
    params: idParamsOf('service'),
    query: serviceQuery,
    handle({ params: { id }, query: { lang: _lang, month, ...when }, reader, ...asking }) {
      const path = `/services/${id}`;
      return answer(serviceKind, { id, path }, { ...asking, when }, (organizationId) =>
        answerPage<View<'service'>>(
          {
            ...of(organizationId, path),
            asked: { view: 'service', organizationId, id, month },
            choices: { month },
            when,
            reader,
            Page: ServicePage,
            moments: () => [],
          },
          asking,
        ),
      );
    },
  };
  return [incident, maintenance, service] as Route[];
}

function ordered(order: UpdateOrder | undefined): typeof IncidentPage {
  return order === undefined ? IncidentPage : (props) => IncidentPage({ ...props, order });
}

/** What it was called is not said: somebody has taken it back. Members of its organisation are led to its past. */
function goneFor({ at, position }: End, path: string | undefined): Problem {
  return {
    problem: 'gone',
    detail: `This was withdrawn on ${at.slice(0, 10)}.`,
    members: { withdrawnAt: at, ...(path === undefined ? {} : { lastSeen: `${path}?position=${position - 1}` }) },
  };
}
