// The rows of pages: the start page's address and the example client that it leads to.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Route } from '../http/route.ts';

const MEDIA_TYPES = {
  'websocket-client.html': 'text/html; charset=utf-8',
  'websocket-client.css': 'text/css; charset=utf-8',
  'websocket-client.js': 'text/javascript; charset=utf-8',
} as const;
type Asset = keyof typeof MEDIA_TYPES;

const assetParams = z.object({ asset: z.string() });

/** `root` is where `src/` was compiled to, one folder below the project's own. */
export function webRoutes(root: URL): Route[] {
  const examples = new URL('../../examples/', root);
  const start: Route = {
    method: 'get',
    path: '/',
    operationId: 'getStart',
    tag: 'pages',
    summary: 'Redirect to the example client',
    access: 'anyone',
    success: { status: 302, description: 'Redirects to the example client' },
    problems: [],
    handle: () => ({ status: 302, headers: { Location: '/examples/websocket-client.html' } }),
  };

  const example: Route<z.output<typeof assetParams>> = {
    method: 'get',
    path: '/examples/{asset}',
    operationId: 'getExample',
    tag: 'pages',
    summary: 'The example client, a page that shows the status live',
    access: 'anyone',
    params: assetParams,
    success: {
      status: 200,
      description: 'The page, its stylesheet or its script',
      mediaType: 'text/html',
      example: '<!doctype html>…',
    },
    problems: ['not-found'],
    async handle({ params: { asset } }) {
      if (!isAsset(asset)) return { problem: 'not-found', detail: `There is no page ${asset}.` };
      const body = await readFile(new URL(asset, examples));
      return { status: 200, body, headers: { 'Content-Type': MEDIA_TYPES[asset], 'Cache-Control': 'no-cache' } };
    },
  };

  return [start, example];
}

function isAsset(name: string): name is Asset {
  return Object.hasOwn(MEDIA_TYPES, name);
}
