// The rows of files that browsers and search engines ask every server for.
import { contentAnswer, fileAnswer } from '../../http/file-answer.ts';
import { mediaTypeOf } from '../../http/media-types.ts';
import type { Problem } from '../../http/problem.ts';
import type { Route } from '../../http/route.ts';

/** What search engines have no use for. */
const NOT_FOR_ROBOTS = ['/api', '/console', '/preferences'];

interface Parts {
  /** The origin of absolute links. */
  readonly origin: () => string;
  readonly now: () => Date;
  /** Where vulnerabilities are reported. */
  readonly securityContact: string | undefined;
}

/** `root` is the folder that `src/` was compiled to. */
export function wellKnownRows({ origin, now, securityContact }: Parts, root: URL): Route[] {
  const icon = fileAnswer(new URL('../../src/web/assets/favicon.ico', root), mediaTypeOf('favicon.ico'));
  return [
    {
      method: 'get',
      path: '/robots.txt',
      operationId: 'getRobots',
      tag: 'pages',
      summary: 'What search engines may read, and where the addresses of all pages are',
      access: 'anyone',
      isFree: true,
      success: {
        status: 200,
        description: 'The file',
        mediaType: 'text/plain',
        example: robots('https://status.example.org'),
        tagged: true,
      },
      problems: [],
      handle: () => contentAnswer({ mediaType: mediaTypeOf('robots.txt'), body: robots(origin()) }),
    },
    {
      method: 'get',
      path: '/.well-known/security.txt',
      operationId: 'getSecurityContact',
      tag: 'pages',
      summary: 'Where vulnerabilities are reported (RFC 9116), if the operator has set it',
      access: 'anyone',
      isFree: true,
      isStatic: true,
      success: {
        status: 200,
        description: 'The file',
        mediaType: 'text/plain',
        example: security('mailto:security@example.org', 'https://status.example.org', new Date('2026-03-01')),
        tagged: true,
      },
      problems: ['not-found'],
      handle: () =>
        securityContact === undefined
          ? NO_CONTACT
          : contentAnswer({
              mediaType: mediaTypeOf('security.txt'),
              body: security(securityContact, origin(), now()),
            }),
    },
    {
      method: 'get',
      path: '/favicon.ico',
      operationId: 'getFavicon',
      tag: 'pages',
      summary: 'The icon of pages that name none',
      access: 'anyone',
      loadedByPages: true,
      success: { status: 200, description: 'The icon', mediaType: 'image/x-icon', example: '…', tagged: true },
      problems: [],
      handle: icon,
    },
  ];
}

function robots(origin: string): string {
  const disallowed = NOT_FOR_ROBOTS.map((path) => `Disallow: ${path}\n`).join('');
  return `User-agent: *\n${disallowed}\nSitemap: ${origin}/sitemap.xml\n`;
}

const NO_CONTACT: Problem = { problem: 'not-found', detail: 'The operator of this server has set no contact.' };

/** For how long readers may rely on the file, in days: RFC 9116 asks for less than a year. */
const VALID_DAYS = 364;

/** The same all day. What is not served over https is nobody's canonical file. */
function security(contact: string, origin: string, now: Date): string {
  const expires = new Date(now);
  expires.setUTCHours(0, 0, 0, 0);
  expires.setUTCDate(expires.getUTCDate() + VALID_DAYS);
  const canonical = origin.startsWith('https:') ? `Canonical: ${origin}/.well-known/security.txt\n` : '';
  return `Contact: ${contact}\nExpires: ${expires.toISOString()}\n${canonical}`;
}
