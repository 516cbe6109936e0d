// A feed as RSS 2.0.
import type { Feed } from './feed.ts';
import { xmlOf } from './xml.ts';

export const RSS_TYPE = 'application/rss+xml; charset=utf-8';

/** RSS knows neither the address of a feed nor when an entry was changed: these are given as in Atom. */
export function rssOf({ title, language, updated, self, page, entries }: Feed): string {
  return xmlOf({
    rss: {
      '@version': '2.0',
      '@xmlns:atom': 'http://www.w3.org/2005/Atom',
      channel: {
        title,
        link: page,
        description: title,
        language,
        lastBuildDate: dateOf(updated),
        'atom:link': { '@rel': 'self', '@type': 'application/rss+xml', '@href': self },
        item: entries.map((entry) => ({
          title: entry.title,
          link: entry.page,
          guid: { '@isPermaLink': 'false', '#text': entry.id },
          pubDate: dateOf(entry.published),
          'atom:updated': entry.updated,
          category: entry.services,
          description: entry.html,
        })),
      },
    },
  });
}

/** As RFC 822 writes it. */
function dateOf(time: string): string {
  return new Date(time).toUTCString();
}
