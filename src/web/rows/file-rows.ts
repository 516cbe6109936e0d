// The rows of files that are made from what a viewer may see of an organisation.
import { entitiesIn } from '../../../projections/entity-kind.ts';
import { DEFAULT_ORGANIZATION } from '../../../projections/events/envelope.ts';
import { selectEntity } from '../../../projections/selection.ts';
import { serviceKind } from '../../../projections/services.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import { type IdParams, idParamsOf } from '../../http/parameters.ts';
import { NOTHING_HERE } from '../../http/problem.ts';
import type { Route } from '../../http/route.ts';
import { createFileReply, type OrganizationFile } from '../reply/organization-file.ts';
import { homeOf, organizationAt, pathBelow } from '../reply/organization-path.ts';
import type { PageParts } from '../reply/page-reply.ts';
import { movedTo, type PageParams, pageParams } from './page-row.ts';

/** How a file is documented. */
interface FileRow extends Pick<Route, 'operationId' | 'summary' | 'success'> {
  readonly file: OrganizationFile;
}

const ROW = {
  method: 'get',
  tag: 'pages',
  access: 'anyone',
  cacheable: true,
  problems: ['not-found'],
} as const satisfies Partial<Route>;

/** The rows of a file of the default organisation at the root, and of the others below their front page. */
export function organizationFileRows({ file, operationId, summary, ...row }: FileRow, { models }: PageParts): Route[] {
  const { name } = file;
  const answer = createFileReply({ models });
  const answerOf = (viewer: Viewer, organizationId: string) => {
    const home = homeOf(models.current.organizations, organizationId);
    return answer(file, { viewer, organizationId, home, path: pathBelow(home, name) });
  };

  const ofDefault: Route = {
    ...ROW,
    ...row,
    path: `/${name}`,
    operationId,
    summary: `${summary}: of the default organisation`,
    handle: ({ viewer }) => answerOf(viewer, DEFAULT_ORGANIZATION),
  };

  const ofOrganization: Route<PageParams> = {
    ...ROW,
    ...row,
    path: `/status/{page}/${name}`,
    operationId: `${operationId}Of`,
    summary: `${summary}: of an organisation`,
    params: pageParams,
    handle({ viewer, params: { page } }) {
      const organization = organizationAt(models.current.organizations, viewer, page);
      if (!organization) return NOTHING_HERE;
      const { id, home, isFormer } = organization;
      return isFormer ? movedTo(pathBelow(home, name), {}) : answerOf(viewer, id);
    },
  };
  return [ofDefault, ofOrganization] as Route[];
}

/** The row of a file that each service has, below its page. */
export function serviceFileRow({ file, operationId, summary, ...row }: FileRow, { models }: PageParts): Route {
  const { name } = file;
  const answer = createFileReply({ models });
  const route: Route<IdParams> = {
    ...ROW,
    ...row,
    path: `/services/{id}/${name}`,
    operationId: `${operationId}OfService`,
    summary: `${summary}: of a service`,
    params: idParamsOf('service'),
    handle({ viewer, params: { id } }) {
      const service = selectEntity(entitiesIn(serviceKind, models.current), viewer, id);
      if (!service) return NOTHING_HERE;
      const { organizationId } = service;
      const home = homeOf(models.current.organizations, organizationId);
      return answer(file, { viewer, organizationId, serviceId: id, home, path: `/services/${id}/${name}` });
    },
  };
  return route as Route;
}
