// The event types of the page of an organisation: its words, its settings and its pictures.
import * as z from 'zod';
import type { EventDefinition } from './event-definition.ts';
import { translations } from './translations.ts';

/** The words that a page can have in several languages. */
const word = z.string().nullable().exactOptional();
const colour = z.string().nullable().exactOptional();

/** A picture by the hex SHA-256 of its bytes, and its media type; both `null` for no picture. */
const picture = z.object({ digest: z.string().nullable(), type: z.string().nullable() });

export const PAGE_EVENTS = {
  /** The words that changed; `null` for one that is gone. */
  'page.described': {
    schema: 1,
    audience: 'public',
    texts: ['/name', '/headline', '/description', '/links', '/supportUrl', '/notice/text', '/translations'],
    data: z.object({
      name: word,
      headline: word,
      description: word,
      links: z
        .array(z.object({ label: z.string(), url: z.string() }).readonly())
        .readonly()
        .exactOptional(),
      supportUrl: word,
      notice: z
        .object({ text: z.string(), until: z.iso.datetime().exactOptional() })
        .readonly()
        .nullable()
        .exactOptional(),
      translations: translations.exactOptional(),
    }),
  },
  /** The settings that changed; `null` for one that has its default again. */
  'page.configured': {
    schema: 1,
    audience: 'public',
    texts: [],
    data: z.object({
      timeZone: z.string().exactOptional(),
      locale: z.string().exactOptional(),
      accent: colour,
      accentDark: colour,
      historyDays: z.int().exactOptional(),
      showUptime: z.boolean().exactOptional(),
      holdSeconds: z.int().exactOptional(),
      nextUpdateMinutes: z.int().exactOptional(),
      uptimePolicy: z.string().exactOptional(),
      embedHosts: z.array(z.string()).readonly().nullable().exactOptional(),
    }),
  },
  'page.logo-changed': { schema: 1, audience: 'public', texts: ['/digest'], data: picture },
  'page.favicon-changed': { schema: 1, audience: 'public', texts: ['/digest'], data: picture },
} as const satisfies Record<string, EventDefinition>;
