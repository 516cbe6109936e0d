// The routes of the pages, of what they load, and of the example client.
import type { Route } from '../http/route.ts';
import { fileRow } from './file-row.ts';
import { readAssets } from './reply/assets.ts';
import { createPageReply, type PageParts } from './reply/page-reply.ts';
import { assetRows } from './rows/assets.ts';
import { badgeRows } from './rows/badges.ts';
import { calendarRows } from './rows/calendar.ts';
import { embedRows } from './rows/embed.ts';
import { entityPageRows } from './rows/entities.ts';
import { feedRows } from './rows/feeds.ts';
import { listPageRows } from './rows/lists.ts';
import { preferencesRow } from './rows/preferences.ts';
import { sitemapRows } from './rows/sitemap.ts';
import { statusRows } from './rows/status.ts';
import { wellKnownRows } from './rows/well-known.ts';

interface WebParts extends Omit<PageParts, 'assets'> {
  /** Whether people reach the server over https. */
  readonly isHttps: boolean;
  readonly securityContact: string | undefined;
}

/** `root` is the folder that `src/` was compiled to, one folder below the project root. */
export function webRoutes({ isHttps, securityContact, ...given }: WebParts, root: URL): Route[] {
  const parts = { ...given, assets: readAssets(root) };
  const answerPage = createPageReply(parts);

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

  const pages = [statusRows, listPageRows, entityPageRows, embedRows].flatMap((rows) => rows(parts, answerPage));
  const files = [...assetRows(root, parts.assets), ...wellKnownRows({ ...parts, securityContact }, root), example];
  return [
    ...pages,
    ...sitemapRows(parts),
    ...feedRows(parts),
    ...calendarRows(parts),
    ...badgeRows(parts),
    preferencesRow({ isHttps }),
    ...files,
  ];
}
