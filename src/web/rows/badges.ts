// The rows of badges: of an organisation and of each of its services, as a picture and as JSON.
import * as z from 'zod';
import type { Theme } from '../../../projections/colours/accent.ts';
import { DEFAULT_ORGANIZATION } from '../../../projections/events/envelope.ts';
import { findPage } from '../../../projections/pages.ts';
import { selectBadge } from '../../../projections/selectors/badge.ts';
import { selectService } from '../../../projections/services.ts';
import { secondOf } from '../../../projections/uptime/seconds.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import { FOR_OTHER_SITES, INERT } from '../../http/browsers/security-headers.ts';
import { JSON_TYPE } from '../../http/headers.ts';
import { NOTHING_HERE } from '../../http/problem.ts';
import type { Answer, Route, RouteRequest, Success } from '../../http/route.ts';
import { LANGUAGES, languageOf, wordsOf } from '../../text/words/languages.ts';
import type { Words } from '../../text/words/words.ts';
import { type BadgeText, badgeText, unknownBadge } from '../badge/badge-text.ts';
import { BADGE_STYLES, badgePicture } from '../badge/picture.tsx';
import { shieldsBadge, shieldsSchema } from '../badge/shields.ts';
import { createFileReply } from '../reply/organization-file.ts';
import { homeOf, organizationAt, pathBelow } from '../reply/organization-path.ts';
import type { PageParts } from '../reply/page-reply.ts';
import { movedTo, type PageParams, pageParams, type ServiceParams, serviceParams, themeField } from './page-row.ts';

/** Each value one of a few, so that there are not as many kept answers as clients make up. */
const textQuery = z.object({
  lang: z.enum(LANGUAGES).exactOptional().describe('In this language. Default: that of the organisation'),
});
const lookQuery = textQuery.extend({
  style: z.enum(BADGE_STYLES).exactOptional().describe('Default: flat'),
  ...themeField,
});
const uptimeField = {
  uptime: z.literal('90').exactOptional().describe('With the uptime of the last 90 days, where the page shows it'),
};

interface Query {
  readonly lang?: (typeof LANGUAGES)[number];
  readonly style?: (typeof BADGE_STYLES)[number];
  readonly theme?: Theme | 'auto';
  readonly uptime?: '90';
}

interface OfPage extends PageParams, Partial<ServiceParams> {}

/** How a badge is made. */
interface BadgeFormat {
  readonly extension: 'svg' | 'json';
  readonly mediaType: string;
  readonly query: z.ZodObject;
  readonly success: Pick<Success, 'mediaType' | 'schema' | 'example'>;
  make(text: BadgeText, query: Query): string;
  makeUnknown(text: BadgeText, query: Query): string;
}

const picture = (text: BadgeText, { style = 'flat', theme }: Query) =>
  badgePicture(text, { style, theme: theme === 'auto' ? undefined : theme });

const EXAMPLE: BadgeText = {
  name: 'Acme Cloud',
  shape: 'degraded',
  word: 'Degraded',
  message: '2 services degraded',
  language: 'en',
};

const FORMATS: readonly BadgeFormat[] = [
  {
    extension: 'svg',
    mediaType: 'image/svg+xml; charset=utf-8',
    query: lookQuery,
    success: { mediaType: 'image/svg+xml', example: picture(EXAMPLE, { theme: 'light' }) },
    make: picture,
    makeUnknown: picture,
  },
  {
    extension: 'json',
    mediaType: JSON_TYPE,
    query: textQuery,
    success: { schema: shieldsSchema, example: shieldsBadge(EXAMPLE) },
    make: (text) => JSON.stringify(shieldsBadge(text)),
    makeUnknown: (text) => JSON.stringify({ ...shieldsBadge(text), isError: true }),
  },
];

/** A picture can be opened by itself too. */
const HEADERS = { ...FOR_OTHER_SITES, ...INERT, 'Cache-Control': 'max-age=30' };

export function badgeRows(parts: PageParts): Route[] {
  return FORMATS.flatMap((format) => rowsOf(format, parts));
}

/** Which badge is asked for, and by whom. Without a service it is that of the organisation. */
interface Asked {
  readonly viewer: Viewer;
  readonly query: Query;
  readonly organizationId: string | undefined;
  readonly serviceId?: string | undefined;
}

function rowsOf(format: BadgeFormat, { models, now, drawPast }: PageParts): Route[] {
  const { extension, mediaType } = format;
  const answerFile = createFileReply({ models });

  const badgeOf = ({ viewer, query, serviceId }: Asked, organizationId: string, words: Words) => {
    const asked = { organizationId, serviceId, language: words.language, withUptime: query.uptime !== undefined };
    return selectBadge(models.current, viewer, asked, { now: secondOf(now().toISOString()), isLive: true, drawPast });
  };

  const answerOf = (asked: Asked, organizationId: string): Answer => {
    const { viewer, query, serviceId } = asked;
    const { locale } = findPage(models.current.pages, organizationId);
    const words = wordsOf(query.lang ?? languageOf(locale) ?? LANGUAGES[0]);
    const make = () => {
      const badge = badgeOf(asked, organizationId, words);
      return badge && { body: format.make(badgeText(badge, words), query), validUntil: badge.validUntil };
    };
    const home = homeOf(models.current.organizations, organizationId);
    const of = { viewer, organizationId, home, ...(serviceId === undefined ? {} : { serviceId }) };
    return answerFile(
      { name: `badge.${extension}`, mediaType, make },
      { ...of, path: pathBelow(home, `badge.${extension}`) },
    );
  };

  const answer = (asked: Asked): Answer => {
    const { organizationId, query } = asked;
    const answered = organizationId === undefined ? NOTHING_HERE : answerOf(asked, organizationId);
    if (!('problem' in answered)) return { ...answered, headers: { ...answered.headers, ...HEADERS } };
    const body = format.makeUnknown(unknownBadge(wordsOf(query.lang ?? LANGUAGES[0])), query);
    return { status: 404, body, headers: { 'Content-Type': mediaType, ...HEADERS } };
  };

  const answerAt = ({ params: { page, serviceId }, query, viewer }: RouteRequest<OfPage, Query>): Answer => {
    const organization = organizationAt(models.current.organizations, viewer, page);
    if (!organization?.isFormer) return answer({ viewer, query, organizationId: organization?.id, serviceId });
    const moved = movedTo(
      pathBelow(
        organization.home,
        `badge${serviceId === undefined ? '' : `/${encodeURIComponent(serviceId)}`}.${extension}`,
      ),
      query,
    );
    return { ...moved, headers: { ...moved.headers, ...FOR_OTHER_SITES } };
  };

  /** A service has one address for all organisations, as its page has. */
  const answerService = ({ params: { serviceId }, query, viewer }: RouteRequest<ServiceParams, Query>): Answer => {
    const organizationId = selectService(models.current.services, viewer, serviceId)?.organizationId;
    return answer({ viewer, query, organizationId, serviceId });
  };

  const [ofPage, ofService] = [row(format), { ...row(format), query: format.query.extend(uptimeField) }];
  const kind = extension === 'svg' ? 'picture' : 'JSON, for shields.io and others that draw it themselves';
  const id = extension === 'svg' ? '' : 'Json';
  return [
    {
      ...ofPage,
      path: `/badge.${extension}`,
      operationId: `getBadge${id}`,
      summary: `The status of the default organisation as a ${kind}`,
      handle: ({ query, viewer }: RouteRequest<unknown, Query>) =>
        answer({ viewer, query, organizationId: DEFAULT_ORGANIZATION }),
    },
    {
      ...ofPage,
      path: `/status/{page}/badge.${extension}`,
      operationId: `getBadge${id}Of`,
      summary: `The status of an organisation as a ${kind}`,
      params: pageParams,
      handle: answerAt,
    },
    {
      ...ofService,
      path: `/badge/{serviceId}.${extension}`,
      operationId: `getServiceBadge${id}`,
      summary: `The status of a service as a ${kind}`,
      params: serviceParams,
      handle: answerService,
    },
    {
      ...ofService,
      path: `/status/{page}/badge/{serviceId}.${extension}`,
      operationId: `getServiceBadge${id}Of`,
      summary: `The status of a service of an organisation as a ${kind}`,
      params: pageParams.extend(serviceParams.shape),
      handle: answerAt,
    },
  ] as Route[];
}

/** What the rows of badges have in common. */
function row({ query, success }: BadgeFormat) {
  return {
    method: 'get',
    tag: 'pages',
    access: 'anyone',
    loadedByPages: true,
    cacheable: true,
    query,
    success: { ...success, status: 200, description: 'The badge', tagged: true },
    alternatives: [{ ...success, status: 404, description: 'A grey badge: nothing that could have one is there' }],
    problems: [],
  } as const satisfies Partial<Route>;
}
