// The map of the pages of an organisation, for search engines.
import { DEFAULT_ORGANIZATION } from '../../../projections/events/envelope.ts';
import type { Models } from '../../../projections/models.ts';
import { selectEntities } from '../../../projections/selection.ts';
import { listServices } from '../../../projections/selectors/page-frame.ts';
import { maySee, type Viewer } from '../../../projections/viewer/viewer.ts';
import { NOTHING_HERE } from '../../http/problem.ts';
import type { Answer, Reply, Route } from '../../http/route.ts';
import { homeOf, organizationAt } from '../reply/organization-path.ts';
import type { PageParts } from '../reply/page-reply.ts';
import { type PageParams, pageParams } from './page-row.ts';

/** How many incidents, and how many maintenances, the map lists: the latest ones. */
const MAX_ENTITIES = 1_000;

export function sitemapRows({ models, origin }: PageParts): Route[] {
  const answer = (viewer: Viewer, organizationId: string): Answer => {
    if (!maySee(viewer, organizationId)) return NOTHING_HERE;
    const head = models.current.publicHeads.get(organizationId);
    const home = homeOf(models.current.organizations, organizationId);
    const isCurrent = () => maySee(viewer, organizationId) && models.current.publicHeads.get(organizationId) === head;
    const isAtHome = () => homeOf(models.current.organizations, organizationId) === home;
    const rebuild = () => (isAtHome() ? answer(viewer, organizationId) : NOTHING_HERE);
    const reply: Reply = {
      status: 200,
      body: mapOf(pathsOf(models.current, viewer, organizationId), origin()),
      logTag: head?.position ?? 0,
      headers: { 'Content-Type': 'application/xml; charset=utf-8' },
    };
    return head ? { ...reply, revalidation: { isCurrent, rebuild } } : reply;
  };

  const ROW = {
    method: 'get',
    tag: 'pages',
    access: 'anyone',
    cacheable: true,
    success: { status: 200, description: 'The map', mediaType: 'application/xml', example: '<urlset>…</urlset>' },
    problems: ['not-found'],
  } as const satisfies Partial<Route>;

  const ofDefault: Route = {
    ...ROW,
    path: '/sitemap.xml',
    operationId: 'getSitemap',
    summary: 'The map of the pages of the default organisation',
    handle: ({ viewer }) => answer(viewer, DEFAULT_ORGANIZATION),
  };

  const ofOrganization: Route<PageParams> = {
    ...ROW,
    path: '/status/{page}/sitemap.xml',
    operationId: 'getSitemapOf',
    summary: 'The map of the pages of an organisation',
    params: pageParams,
    handle({ viewer, params: { page } }) {
      const organization = organizationAt(models.current.organizations, viewer, page);
      if (!organization) return NOTHING_HERE;
      const { id, home, isFormer } = organization;
      if (!isFormer) return answer(viewer, id);
      return { status: 302, headers: { Location: `${home === '/' ? '' : home}/sitemap.xml` } };
    },
  };
  return [ofDefault, ofOrganization] as Route[];
}

function pathsOf(models: Models, viewer: Viewer, organizationId: string): string[] {
  const home = homeOf(models.organizations, organizationId);
  const below = home === '/' ? '' : home;
  const asked = { organizationId };
  const newest = (entities: Iterable<{ readonly id: string }>, folder: string) =>
    [...entities].slice(-MAX_ENTITIES).map(({ id }) => `${folder}/${id}`);
  return [
    home,
    ...['history', 'maintenance', 'uptime'].map((name) => `${below}/${name}`),
    ...listServices(models, viewer, asked).services.map(({ id }) => `/services/${id}`),
    ...newest(selectEntities(models.incidents.incidents, viewer, asked), '/incidents'),
    ...newest(selectEntities(models.maintenances.maintenances, viewer, asked), '/maintenance'),
  ];
}

function mapOf(paths: readonly string[], origin: string): string {
  const urls = paths.map((path) => `<url><loc>${escaped(origin + path)}</loc></url>`).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls}\n</urlset>\n`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
