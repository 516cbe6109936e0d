// The routes of the API documentation: the OpenAPI document, and a page to read and try it.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { contentAnswer, fileAnswer } from '../../http/file-answer.ts';
import { JSON_TYPE } from '../../http/headers.ts';
import { HTML_TYPE, mediaTypeOf } from '../../http/media-types.ts';
import type { Problem } from '../../http/problem.ts';
import type { Reply, Route } from '../../http/route.ts';

type ReplySource = () => Reply | Promise<Reply>;

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Plive API</title>
<link rel="icon" type="image/png" href="/api/docs/favicon-32x32.png">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
<link rel="stylesheet" href="/api/docs/page.css">
</head>
<body>
<main id="docs"></main>
<noscript><p>This page needs scripts. The same as JSON: <a href="/api/openapi.json">/api/openapi.json</a></p></noscript>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/initializer.js"></script>
</body>
</html>
`;

const STYLE = 'body { margin: 0; }';

/** Without `validatorUrl: null` the page would send the document to a validator service elsewhere. */
const INITIALIZER = `SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  validatorUrl: null,
});
`;

/**
 * The routes that serve this document. `document` is called once, at the first request: it includes these routes.
 * `root` is the folder that `src/` was compiled to.
 */
export function docsRoutes(document: () => object, root: URL): Route[] {
  return [documentRoute(document), pageRoute(), assetRoute(root)];
}

function documentRoute(document: () => object): Route {
  let reply: Reply | undefined;
  return {
    method: 'get',
    path: '/api/openapi.json',
    operationId: 'getOpenApi',
    tag: 'documentation',
    summary: 'Get the OpenAPI document of this API',
    access: 'anyone',
    isFree: true,
    success: {
      status: 200,
      description: 'The document',
      schema: z
        .looseObject({ openapi: z.string(), info: z.looseObject({}), paths: z.looseObject({}) })
        .meta({ id: 'OpenApiDocument' }),
      example: { openapi: '3.1.1', info: { title: 'Plive', version: '0.1.0' }, paths: {} },
      tagged: true,
    },
    problems: [],
    handle() {
      reply ??= contentAnswer({ mediaType: JSON_TYPE, body: JSON.stringify(document()) });
      return reply;
    },
  };
}

function pageRoute(): Route {
  const reply = contentAnswer({ mediaType: HTML_TYPE, body: PAGE });
  return {
    method: 'get',
    path: '/api/docs',
    operationId: 'getDocs',
    tag: 'documentation',
    summary: 'The documentation of this API: a page to read and to try it',
    access: 'anyone',
    isFree: true,
    success: {
      status: 200,
      description: 'The page',
      mediaType: 'text/html',
      example: '<!doctype html>…',
      tagged: true,
    },
    problems: [],
    handle: () => reply,
  };
}

const assetParams = z.object({
  asset: z
    .string()
    .describe('Name of the file')
    .meta({ examples: ['swagger-ui.css'] }),
});

function assetRoute(root: URL): Route {
  const assets = docsAssets(root);
  const route: Route<z.output<typeof assetParams>> = {
    method: 'get',
    path: '/api/docs/{asset}',
    operationId: 'getDocsAsset',
    tag: 'documentation',
    summary: 'A stylesheet, script or image of the documentation page',
    access: 'anyone',
    isFree: true,
    isStatic: true,
    params: assetParams,
    success: { status: 200, description: 'The file', mediaType: '*/*', example: 'body { margin: 0; }', tagged: true },
    problems: ['not-found'],
    handle: ({ params: { asset } }) => assets.get(asset)?.() ?? unknownAsset(asset),
  };
  return route;
}

function unknownAsset(asset: string): Problem {
  return { problem: 'not-found', detail: `There is no file ${asset} here.` };
}

/** The files that the page needs. The package has many more, which are not served. */
function docsAssets(root: URL): ReadonlyMap<string, ReplySource> {
  const require = createRequire(root);
  const swaggerUi = dirname(require.resolve('swagger-ui-dist/package.json'));
  return new Map([
    ['initializer.js', inlineFile('initializer.js', INITIALIZER)],
    ['page.css', inlineFile('page.css', STYLE)],
    ...PACKAGED.map((name) => [name, fileAnswer(join(swaggerUi, name), mediaTypeOf(name))] as const),
  ]);
}

const PACKAGED = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

function inlineFile(name: string, body: string): ReplySource {
  const reply = contentAnswer({ mediaType: mediaTypeOf(name), body });
  return () => reply;
}
