// The routes of the start page and of the example client that it redirects to.
import type { Route } from '../http/route.ts';
import { fileRow } from './file-row.ts';
import { readAssets } from './reply/assets.ts';
import { assetRows } from './rows/assets.ts';

/** `root` is the folder that `src/` was compiled to, one folder below the project root. */
export function webRoutes(root: URL): Route[] {
  const start: Route = {
    method: 'get',
    path: '/',
    operationId: 'getStart',
    tag: 'pages',
    summary: 'Redirect to the example client',
    access: 'anyone',
    isFree: true,
    success: { status: 302, description: 'Redirects to the example client' },
    problems: [],
    handle: () => ({ status: 302, headers: { Location: '/examples/websocket-client.html' } }),
  };

  const example = fileRow(
    {
      path: '/examples/{asset}',
      operationId: 'getExample',
      summary: 'The example client, a page that shows the status live',
      success: {
        status: 200,
        description: 'The page, its stylesheet or its script',
        mediaType: 'text/html',
        example: '<!doctype html>…',
      },
      isFree: true,
    },
    [
      {
        folder: new URL('../../examples/', root),
        names: ['websocket-client.html', 'websocket-client.css', 'websocket-client.js'],
      },
    ],
  );

  return [start, example, ...assetRows(root, readAssets(root))];
}
