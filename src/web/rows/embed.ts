// The rows of what pages of other sites show in a frame: the status of an organisation or of a service.
import { h } from 'preact';
import { render } from 'preact-render-to-string';
import * as z from 'zod';
import { DEFAULT_ORGANIZATION } from '../../../projections/events/envelope.ts';
import { findPage } from '../../../projections/pages.ts';
import { selectService } from '../../../projections/services.ts';
import type { Asking } from '../../http/as-of.ts';
import { type Reader, readerFields } from '../../http/browsers/reader.ts';
import { framedBy } from '../../http/browsers/security-headers.ts';
import { HTML_TYPE } from '../../http/media-types.ts';
import type { Answer, Reply, Route, RouteRequest } from '../../http/route.ts';
import type { View } from '../../read-models/views.ts';
import { EmbedPage, MissingEmbed } from '../pages/embed-page.tsx';
import { homeOf, organizationAt, pathBelow } from '../reply/organization-path.ts';
import type { AnswerPage, PageParts } from '../reply/page-reply.ts';
import {
  HTML_PAGE,
  movedTo,
  type PageParams,
  pageParams,
  type ServiceParams,
  serviceParams,
  themeField,
} from './page-row.ts';

const query = z.object({ ...readerFields, ...themeField });
type Query = z.output<typeof query>;

type OfPage = PageParams & Partial<ServiceParams>;

const AGE = { 'Cache-Control': 'max-age=30' };

export function embedRows({ models, assets }: PageParts, answerPage: AnswerPage): Route[] {
  /** What is not there may be shown by anyone. */
  const missing = (reader: Reader): Reply => ({
    status: 404,
    body: `<!doctype html>${render(h(MissingEmbed, { reader, assets }))}`,
    headers: { 'Content-Type': HTML_TYPE, ...AGE, ...framedBy(null) },
  });

  const answer = (
    { organizationId, service }: { readonly organizationId: string | undefined; readonly service?: string | undefined },
    { query: { theme }, reader: { language }, ...asking }: Asking & { readonly query: Query; readonly reader: Reader },
  ): Answer | Promise<Answer> => {
    // The reader has chosen a theme for the pages here. That of another site is its own.
    const reader = { language, theme: theme === 'auto' ? undefined : theme };
    if (organizationId === undefined) return missing(reader);
    const home = homeOf(models.current.organizations, organizationId);
    return answerPage<View<'embed'>>(
      {
        asked: { view: 'embed', organizationId, service },
        when: {},
        reader,
        home,
        path: home,
        Page: EmbedPage,
        moments: () => [],
        missing: missing(reader),
        headers: () => ({ ...AGE, ...framedBy(findPage(models.current.pages, organizationId).embedHosts) }),
      },
      asking,
    );
  };

  const answerAt = ({ params: { page, serviceId }, ...request }: RouteRequest<OfPage, Query>) => {
    const organization = organizationAt(models.current.organizations, request.viewer, page);
    if (!organization?.isFormer) return answer({ organizationId: organization?.id, service: serviceId }, request);
    return movedTo(
      pathBelow(organization.home, `embed${serviceId === undefined ? '' : `/${encodeURIComponent(serviceId)}`}`),
      request.query,
    );
  };

  const none = { ...HTML_PAGE.success, status: 404, description: 'The page that says that there is none' } as const;
  const row = { ...HTML_PAGE, framed: true, query, alternatives: [none], problems: ['overloaded'] } as const;
  return [
    {
      ...row,
      path: '/embed',
      operationId: 'getEmbed',
      summary: 'The status of the default organisation for a frame of another site',
      handle: (request: RouteRequest<unknown, Query>) => answer({ organizationId: DEFAULT_ORGANIZATION }, request),
    },
    {
      ...row,
      path: '/status/{page}/embed',
      operationId: 'getEmbedOf',
      summary: 'The status of an organisation for a frame of another site',
      params: pageParams,
      handle: answerAt,
    },
    {
      ...row,
      path: '/embed/{serviceId}',
      operationId: 'getServiceEmbed',
      summary: 'The status of a service for a frame of another site',
      params: serviceParams,
      handle({ params: { serviceId }, ...request }: RouteRequest<ServiceParams, Query>) {
        const organizationId = selectService(models.current.services, request.viewer, serviceId)?.organizationId;
        return answer({ organizationId, service: serviceId }, request);
      },
    },
    {
      ...row,
      path: '/status/{page}/embed/{serviceId}',
      operationId: 'getServiceEmbedOf',
      summary: 'The status of a service of an organisation for a frame of another site',
      params: pageParams.extend(serviceParams.shape),
      handle: answerAt,
    },
  ] as Route[];
}
