// The map of the pages of an organisation, for search engines.
import type { Models } from '../../../projections/models.ts';
import { selectEntities } from '../../../projections/selection.ts';
import { listServices } from '../../../projections/selectors/page-frame.ts';
import type { Route } from '../../http/route.ts';
import { xmlOf } from '../feeds/xml.ts';
import type { FileAsked } from '../reply/organization-file.ts';
import { pathBelow } from '../reply/organization-path.ts';
import type { PageParts } from '../reply/page-reply.ts';
import { organizationFileRows } from './file-rows.ts';

/** How many incidents, and how many maintenances, the map lists: the latest ones. */
const MAX_ENTITIES = 1_000;

export function sitemapRows(parts: PageParts): Route[] {
  const { models, origin } = parts;
  const file = {
    name: 'sitemap.xml',
    mediaType: 'application/xml; charset=utf-8',
    make: (asked: FileAsked) => ({ body: mapOf(pathsOf(models.current, asked), origin()), validUntil: null }),
  };
  const success = {
    status: 200,
    description: 'The map',
    mediaType: 'application/xml',
    example: '<urlset>…</urlset>',
    tagged: true,
  } as const;
  return organizationFileRows({ file, operationId: 'getSitemap', summary: 'The map of the pages', success }, parts);
}

function pathsOf(models: Models, { viewer, organizationId, home }: FileAsked): string[] {
  const asked = { organizationId };
  const newest = (entities: Iterable<{ readonly id: string }>, folder: string) =>
    [...entities].slice(-MAX_ENTITIES).map(({ id }) => `${folder}/${id}`);
  return [
    home,
    ...['history', 'maintenance', 'uptime', 'subscribe'].map((name) => pathBelow(home, name)),
    ...listServices(models, viewer, asked).services.map(({ id }) => `/services/${id}`),
    ...newest(selectEntities(models.incidents.incidents, viewer, asked), '/incidents'),
    ...newest(selectEntities(models.maintenances.maintenances, viewer, asked), '/maintenance'),
  ];
}

function mapOf(paths: readonly string[], origin: string): string {
  const url = paths.map((path) => ({ loc: origin + path }));
  return xmlOf({ urlset: { '@xmlns': 'http://www.sitemaps.org/schemas/sitemap/0.9', url } });
}
