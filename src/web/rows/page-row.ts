// What the rows of all pages have in common.
import * as z from 'zod';
import { DEFAULT_ORGANIZATION } from '../../../projections/events/envelope.ts';
import { SAMPLE } from '../../commands/sample-data.ts';
import { readerFields } from '../../http/browsers/reader.ts';
import type { Reply, Route } from '../../http/route.ts';

/** The query of a page that has none. */
export const presentQuery = z.object(readerFields);

export const pageParams = z.object({
  page: z
    .string()
    .describe('The slug of an organisation, or its id')
    .meta({ examples: [DEFAULT_ORGANIZATION] }),
});
export type PageParams = z.output<typeof pageParams>;

/** What is no id of a service is one of none. */
export const serviceParams = z.object({
  serviceId: z
    .string()
    .toLowerCase()
    .describe('The id of a service')
    .meta({ examples: [SAMPLE.ids.service] }),
});
export type ServiceParams = z.output<typeof serviceParams>;

/** Of what other sites show. */
export const themeField = {
  theme: z
    .enum(['light', 'dark', 'auto'])
    .exactOptional()
    .describe('Default: auto, which follows the system of the reader'),
};

export const HTML_PAGE = {
  method: 'get',
  tag: 'pages',
  access: 'anyone',
  page: true,
  cacheable: true,
  success: { status: 200, description: 'The page', mediaType: 'text/html', example: '<!doctype html>…' },
  problems: ['not-found', 'overloaded'],
} as const satisfies Partial<Route>;

/** Leads to the address that a page has now, with the query that was sent. */
export function movedTo(path: string, query: object): Reply {
  const sent = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  const search = sent.length === 0 ? '' : `?${new URLSearchParams(sent)}`;
  return { status: 302, headers: { Location: path + search } };
}
