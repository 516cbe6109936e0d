// Generates the OpenAPI document from the route table, including the problems that the middleware answers with.
import type { Route, RouteAccess } from '../route.ts';
import { HEADERS, type Json, PARAMETERS } from './components.ts';
import { operation } from './operation.ts';
import { problemExamples, problemSchema } from './problem-responses.ts';
import { Schemas } from './schemas.ts';

const DESCRIPTION = `State of services and incidents, over REST.

* **Errors** are problem documents (RFC 9457): \`code\` is for programs and never changes, \`detail\` is for people.
* **ETag**: send it as \`If-None-Match\` to get a 304 if nothing has changed, and as \`If-Match\` to change only the version that you read.
* **RateLimit** and **RateLimit-Policy**, if requests are limited: \`r\` requests are left for the next \`t\` seconds, of \`q\` in a window of \`w\` seconds. A 429 gives in \`Retry-After\` the seconds to wait.
* **X-Log-Position**: how far the server had read the log when it answered. Send it with the next request, in this header or as \`?at_least=\`, to get no older answer, whichever server of several it reaches.
* **Idempotency-Key**: a repeat with the same key gets the first response again; the change is made only once.`;

interface ServerInfo {
  readonly version: string;
  /** Name of the session cookie. `undefined` on a server without sign-in: the document then has no security schemes. */
  readonly sessionCookie?: string | undefined;
}

/** The OpenAPI 3.1 document of these routes. */
export function openApiDocument(routes: readonly Route[], { version, sessionCookie }: ServerInfo): object {
  const schemas = new Schemas();
  const problem = schemas.write(problemSchema, 'output');
  return {
    openapi: '3.1.1',
    info: { title: 'Plive', version, description: DESCRIPTION },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: paths(routes, (route) => ({
      ...operation(route, schemas, problem),
      ...(sessionCookie === undefined ? {} : { security: security(route.access) }),
    })),
    components: {
      ...{ schemas: schemas.named, parameters: PARAMETERS, headers: HEADERS, examples: problemExamples() },
      ...(sessionCookie === undefined ? {} : { securitySchemes: securitySchemes(sessionCookie) }),
    },
  };
}

function securitySchemes(sessionCookie: string): Json {
  return {
    session: {
      type: 'apiKey',
      in: 'cookie',
      name: sessionCookie,
      description: 'The session cookie, which signing in sets',
    },
    key: { type: 'http', scheme: 'bearer', description: 'An API key, `plv_…`' },
  };
}

/** The alternative credentials that a route accepts. */
function security(access: RouteAccess): Json[] {
  const [session, key] = [{ session: [] }, { key: [] }];
  if (access === 'person') return [session];
  return access === 'anyone' ? [{}, session, key] : [session, key];
}

function paths(routes: readonly Route[], write: (route: Route) => Json): Json {
  const byPath: Record<string, Json> = {};
  for (const route of routes) byPath[route.path] = { ...byPath[route.path], [route.method]: write(route) };
  return byPath;
}
