// The rows of the front pages: that of the default organisation, and that of each organisation.
import { z } from 'zod';
import { DEFAULT_ORGANIZATION } from '../../../projections/events/envelope.ts';
import { maySee } from '../../../projections/viewer/viewer.ts';
import { asOfFields, type When } from '../../http/as-of.ts';
import { readerFields } from '../../http/browsers/reader.ts';
import type { Problem } from '../../http/problem.ts';
import type { Route } from '../../http/route.ts';
import type { View } from '../../read-models/views.ts';
import { momentsOfStatus, StatusPage } from '../pages/status-page.tsx';
import { WallPage } from '../pages/wall-page.tsx';
import { homeOf, organizationNamed } from '../reply/organization-path.ts';
import type { AnswerPage, PageParts } from '../reply/page-reply.ts';

/** The query of a page that has a past. */
export const pageQuery = z.object({ ...readerFields, ...asOfFields });

const statusQuery = pageQuery.extend({
  wall: z.string().exactOptional().describe('Show the page for a screen on a wall'),
});
type StatusQuery = z.output<typeof statusQuery>;
export type PageQuery = z.output<typeof pageQuery>;

export const pageParams = z.object({
  page: z
    .string()
    .describe('The slug of an organisation, or its id')
    .meta({ examples: [DEFAULT_ORGANIZATION] }),
});
export type PageParams = z.output<typeof pageParams>;

/** What is private and what does not exist have one answer. */
export const NO_PAGE: Problem = { problem: 'not-found', detail: 'There is no page at this address.' };

const PAGE = { status: 200, description: 'The page', mediaType: 'text/html', example: '<!doctype html>…' } as const;

export function statusRows({ models }: PageParts, answerPage: AnswerPage): Route[] {
  const statusOf = (
    organizationId: string,
    { wall, when }: { readonly wall: string | undefined; readonly when: When },
  ) => ({
    asked: { view: 'status' as const, organizationId },
    when,
    home: homeOf(models.current.organizations, organizationId),
    path: homeOf(models.current.organizations, organizationId),
    Page: wall === undefined ? StatusPage : WallPage,
    moments: momentsOfStatus,
    missing: NO_PAGE,
  });

  const front: Route<unknown, StatusQuery> = {
    method: 'get',
    path: '/',
    operationId: 'getStatusPage',
    tag: 'pages',
    summary: 'The status page of the default organisation',
    access: 'anyone',
    page: true,
    cacheable: true,
    query: statusQuery,
    success: PAGE,
    problems: ['not-found', 'overloaded'],
    handle({ query: { lang: _lang, wall, ...when }, reader, ...asking }) {
      if (!maySee(asking.viewer, DEFAULT_ORGANIZATION)) return { status: 302, headers: { Location: '/sign-in' } };
      return answerPage<View<'status'>>({ ...statusOf(DEFAULT_ORGANIZATION, { wall, when }), reader }, asking);
    },
  };

  const ofOrganization: Route<PageParams, StatusQuery> = {
    method: 'get',
    path: '/status/{page}',
    operationId: 'getStatusPageOf',
    tag: 'pages',
    summary: 'The status page of an organisation',
    access: 'anyone',
    page: true,
    cacheable: true,
    params: pageParams,
    query: statusQuery,
    success: PAGE,
    problems: ['not-found', 'overloaded'],
    handle({ params: { page }, query: { lang: _lang, wall, ...when }, reader, ...asking }) {
      const { organizations } = models.current;
      const id = organizationNamed(organizations, page);
      if (id === undefined || !maySee(asking.viewer, id)) return NO_PAGE;
      const home = homeOf(organizations, id);
      if (home !== `/status/${page}`) return { status: 302, headers: { Location: home } };
      return answerPage<View<'status'>>({ ...statusOf(id, { wall, when }), reader }, asking);
    },
  };
  return [front, ofOrganization];
}
