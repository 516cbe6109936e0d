// The rows of the feeds: Atom, RSS and JSON Feed, of an organisation and of each of its services.
import { findPage } from '../../../projections/pages.ts';
import { selectFeedView } from '../../../projections/selectors/feed-view.ts';
import type { Route, Success } from '../../http/route.ts';
import { LANGUAGES, languageOf, wordsOf } from '../../text/words/languages.ts';
import { ATOM_TYPE, atomOf } from '../feeds/atom.ts';
import { type Feed, feedOf } from '../feeds/feed.ts';
import { JSON_FEED_TYPE, jsonFeedOf, jsonFeedSchema } from '../feeds/json-feed.ts';
import { RSS_TYPE, rssOf } from '../feeds/rss.ts';
import type { OrganizationFile } from '../reply/organization-file.ts';
import type { PageParts } from '../reply/page-reply.ts';
import { organizationFileRows, serviceFileRow } from './file-rows.ts';

interface Format {
  readonly name: string;
  readonly mediaType: string;
  readonly operationId: string;
  readonly summary: string;
  readonly success: Pick<Success, 'schema' | 'example'>;
  readonly write: (feed: Feed) => string;
}

const FORMATS: readonly Format[] = [
  {
    name: 'feed.atom',
    mediaType: ATOM_TYPE,
    operationId: 'getAtomFeed',
    summary: 'The newest incidents and maintenances as Atom',
    success: { example: '<feed xmlns="http://www.w3.org/2005/Atom">…</feed>' },
    write: atomOf,
  },
  {
    name: 'feed.rss',
    mediaType: RSS_TYPE,
    operationId: 'getRssFeed',
    summary: 'The newest incidents and maintenances as RSS',
    success: { example: '<rss version="2.0">…</rss>' },
    write: rssOf,
  },
  {
    name: 'feed.json',
    mediaType: JSON_FEED_TYPE,
    operationId: 'getJsonFeed',
    summary: 'The newest incidents and maintenances as JSON Feed',
    success: {
      schema: jsonFeedSchema,
      example: {
        version: 'https://jsonfeed.org/version/1.1',
        title: 'Acme Cloud status',
        home_page_url: 'https://status.example.org/',
        feed_url: 'https://status.example.org/feed.json',
        language: 'en',
        authors: [{ name: 'Acme Cloud' }],
        items: [],
      },
    },
    write: jsonFeedOf,
  },
];

export function feedRows(parts: PageParts): Route[] {
  return FORMATS.flatMap(({ operationId, summary, mediaType, success: documented, ...format }) => {
    const file = feedFile({ mediaType, ...format }, parts);
    const success = { ...documented, status: 200, description: 'The feed', mediaType, tagged: true } as const;
    const row = { file, operationId, summary, success };
    return [...organizationFileRows(row, parts), serviceFileRow(row, parts)];
  });
}

/** In the language of the organisation, whoever reads it: an address has one feed. */
function feedFile(
  { name, mediaType, write }: Pick<Format, 'name' | 'mediaType' | 'write'>,
  { models, origin, logId }: PageParts,
): OrganizationFile {
  return {
    name,
    mediaType,
    make({ viewer, organizationId, serviceId: service, path, home }) {
      const { locale } = findPage(models.current.pages, organizationId);
      const asked = { organizationId, language: locale, service };
      const view = selectFeedView(models.current, viewer, asked);
      if (!view) return undefined;
      const words = wordsOf(languageOf(locale) ?? LANGUAGES[0]);
      const feed = feedOf(view, { logId: logId(), origin: origin(), path, home, words });
      return { body: write(feed), validUntil: null };
    },
  };
}
