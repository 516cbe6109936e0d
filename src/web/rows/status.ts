// The rows of the front pages: that of the default organisation, and that of each organisation.
import * as z from 'zod';
import { DEFAULT_ORGANIZATION } from '../../../projections/events/envelope.ts';
import { maySee } from '../../../projections/viewer/viewer.ts';
import type { Reader } from '../../http/browsers/reader.ts';
import { NOTHING_HERE } from '../../http/problem.ts';
import type { Route } from '../../http/route.ts';
import type { View } from '../../read-models/views.ts';
import { momentsOfStatus, StatusPage } from '../pages/status-page.tsx';
import { WallPage } from '../pages/wall-page.tsx';
import { homeOf, organizationAt } from '../reply/organization-path.ts';
import { answerOrganizations } from '../reply/organizations-reply.ts';
import { pageQuery } from '../reply/page-query.ts';
import type { AnswerPage, PageParts } from '../reply/page-reply.ts';
import { HTML_PAGE, movedTo, type PageParams, pageParams } from './page-row.ts';

const statusQuery = pageQuery.extend({
  // Two values, so that there are not as many kept answers as clients make up.
  wall: z.enum(['', '1']).exactOptional().describe('Show the page for a screen on a wall'),
});
type StatusQuery = z.output<typeof statusQuery>;

export function statusRows(parts: PageParts, answerPage: AnswerPage): Route[] {
  const { models } = parts;
  const statusOf = (organizationId: string, { lang: _lang, wall, ...when }: StatusQuery, reader: Reader) => {
    const home = homeOf(models.current.organizations, organizationId);
    return {
      asked: { view: 'status' as const, organizationId },
      when,
      reader,
      home,
      path: home,
      choices: { wall },
      Page: wall === undefined ? StatusPage : WallPage,
      moments: momentsOfStatus,
      missing: NOTHING_HERE,
    };
  };

  const front: Route<unknown, StatusQuery> = {
    ...HTML_PAGE,
    query: statusQuery,
    path: '/',
    operationId: 'getStatusPage',
    summary: 'The status page of the default organisation, or a list of all status pages if it is private',
    problems: ['overloaded'],
    handle({ query, reader, ...asking }) {
      if (!maySee(asking.viewer, DEFAULT_ORGANIZATION)) return answerOrganizations(parts, asking.viewer, reader);
      return answerPage<View<'status'>>(statusOf(DEFAULT_ORGANIZATION, query, reader), asking);
    },
  };

  const ofOrganization: Route<PageParams, StatusQuery> = {
    ...HTML_PAGE,
    query: statusQuery,
    path: '/status/{page}',
    operationId: 'getStatusPageOf',
    summary: 'The status page of an organisation',
    params: pageParams,
    handle({ params: { page }, query, reader, ...asking }) {
      const organization = organizationAt(models.current.organizations, asking.viewer, page);
      if (!organization) return NOTHING_HERE;
      const { id, home, isFormer } = organization;
      if (isFormer) return movedTo(home, query);
      return answerPage<View<'status'>>(statusOf(id, query, reader), asking);
    },
  };
  return [front, ofOrganization];
}
