// A feed as Atom (RFC 4287).
import type { Feed } from './feed.ts';
import { xmlOf } from './xml.ts';

export const ATOM_TYPE = 'application/atom+xml; charset=utf-8';

export function atomOf({ id, title, author, language, updated, self, page, entries }: Feed): string {
  return xmlOf({
    feed: {
      '@xmlns': 'http://www.w3.org/2005/Atom',
      '@xml:lang': language,
      id,
      title: plain(title),
      author: { name: author },
      updated,
      link: [
        { '@rel': 'self', '@type': 'application/atom+xml', '@href': self },
        { '@rel': 'alternate', '@type': 'text/html', '@href': page },
      ],
      entry: entries.map((entry) => ({
        id: entry.id,
        title: plain(entry.title),
        published: entry.published,
        updated: entry.updated,
        link: { '@rel': 'alternate', '@type': 'text/html', '@href': entry.page },
        category: entry.services.map((name) => ({ '@term': name })),
        content: { '@type': 'html', '#text': entry.html },
      })),
    },
  });
}

function plain(text: string): object {
  return { '@type': 'text', '#text': text };
}
