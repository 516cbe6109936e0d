// A row of a page, for tests of what serves rows.
import type { Route } from '../../src/http/route.ts';

export function pageRow(path: string, handle: Route['handle'], more: Partial<Route> = {}): Route {
  return {
    method: 'get',
    path,
    operationId: `get${path.replaceAll(/\W/g, '')}`,
    tag: 'pages',
    summary: 'A page',
    access: 'anyone',
    page: true,
    success: { status: 200, description: 'The page', mediaType: 'text/html', example: '<!doctype html>' },
    problems: [],
    handle,
    ...more,
  };
}
