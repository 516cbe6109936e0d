// The rows of files that browsers and search engines ask every server for.
import { contentAnswer, fileAnswer } from '../../http/file-answer.ts';
import { mediaTypeOf } from '../../http/media-types.ts';
import type { Route } from '../../http/route.ts';

/** What search engines have no use for. */
const NOT_FOR_ROBOTS = ['/api', '/console', '/preferences'];

/** `root` is the folder that `src/` was compiled to; `origin` is that of absolute links. */
export function wellKnownRows(root: URL, origin: () => string): Route[] {
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
