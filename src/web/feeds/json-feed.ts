// A feed as JSON Feed 1.1.
import type { Feed } from './feed.ts';

export const JSON_FEED_TYPE = 'application/feed+json';

export function jsonFeedOf({ title, author, language, self, page, entries }: Feed): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: page,
    feed_url: self,
    language,
    authors: [{ name: author }],
    items: entries.map((entry) => ({
      id: entry.id,
      url: entry.page,
      title: entry.title,
      content_html: entry.html,
      date_published: entry.published,
      date_modified: entry.updated,
      tags: entry.services,
    })),
  });
}
