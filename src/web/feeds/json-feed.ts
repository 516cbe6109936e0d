// A feed as JSON Feed 1.1.
import * as z from 'zod';
import type { Feed } from './feed.ts';

export const JSON_FEED_TYPE = 'application/feed+json';

export const jsonFeedSchema = z
  .object({
    version: z.literal('https://jsonfeed.org/version/1.1'),
    title: z.string(),
    home_page_url: z.string().describe('The page that it is the feed of'),
    feed_url: z.string(),
    language: z.string(),
    authors: z.array(z.object({ name: z.string() })),
    items: z.array(
      z.object({
        id: z.string().describe('Stays, whatever the slug and the origin'),
        url: z.string(),
        title: z.string().describe('Plain text'),
        content_html: z.string(),
        date_published: z.string(),
        date_modified: z.string(),
        tags: z.array(z.string()).describe('Names of the affected services'),
      }),
    ),
  })
  .meta({ id: 'JsonFeed' });

export function jsonFeedOf({ title, author, language, self, page, entries }: Feed): string {
  const feed: z.output<typeof jsonFeedSchema> = {
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
      tags: [...entry.services],
    })),
  };
  return JSON.stringify(feed);
}
