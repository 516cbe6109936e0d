// The rows of the pages that each organisation has: history, maintenance, how uptime is counted, what can be subscribed
// to, and the check of the record. Those of the default
// organisation are at the root, those of the others below their front page.
import * as z from 'zod';
import { DEFAULT_ORGANIZATION } from '../../../projections/events/envelope.ts';
import { maySee } from '../../../projections/viewer/viewer.ts';
import type { Asking, When } from '../../http/as-of.ts';
import type { Reader } from '../../http/browsers/reader.ts';
import { NOTHING_HERE } from '../../http/problem.ts';
import type { Answer, Route } from '../../http/route.ts';
import type { View, ViewAsked } from '../../read-models/views.ts';
import { HistoryPage } from '../pages/history-page.tsx';
import { MaintenancesPage } from '../pages/maintenances-page.tsx';
import { SubscribePage } from '../pages/subscribe-page.tsx';
import { UptimePage } from '../pages/uptime-page.tsx';
import { VerifyPage } from '../pages/verify-page.tsx';
import { homeOf, organizationAt, pathBelow } from '../reply/organization-path.ts';
import { pageQuery } from '../reply/page-query.ts';
import type { AnswerPage, AskedPage, PageParts } from '../reply/page-reply.ts';
import { HTML_PAGE, movedTo, type PageParams, pageParams, presentQuery } from './page-row.ts';

const monthField = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month, as in 2026-08');

// A form sends what is not chosen as an empty text.
const serviceField = z.union([z.uuid(), z.literal('')]).exactOptional();

const historyQuery = pageQuery.extend({
  before: monthField.exactOptional().describe('The three months before this one, as in 2026-08. Default: the latest'),
  service: serviceField.describe('Only what affected this service'),
  kind: z.enum(['incidents', 'maintenance', '']).exactOptional().describe('Only incidents, or only maintenance'),
});

const subscribeQuery = presentQuery.extend({ service: serviceField.describe('Only what affects this service') });

/** A page that each organisation has: its name in the address, its query, and what it is made from. */
interface ListPage<V extends View, Q> {
  readonly name: 'history' | 'maintenance' | 'uptime' | 'subscribe' | 'verify';
  readonly operationId: string;
  readonly summary: string;
  readonly query: z.ZodObject;
  asked(organizationId: string, query: Q): ViewAsked;
  /** What a reader chooses on the page itself. */
  choices?(query: Q): Readonly<Record<string, string | undefined>>;
  readonly Page: AskedPage<V>['Page'];
}

const HISTORY: ListPage<View<'history'>, z.output<typeof historyQuery>> = {
  name: 'history',
  operationId: 'getHistoryPage',
  summary: 'What happened, by month',
  query: historyQuery,
  asked: (organizationId, { before, service, kind }) => ({
    view: 'history',
    organizationId,
    before,
    service: service || undefined,
    kind: kind || undefined,
  }),
  choices: ({ before, service, kind }) => ({ before, service, kind }),
  Page: HistoryPage,
};

const MAINTENANCE: ListPage<View<'maintenances'>, z.output<typeof pageQuery>> = {
  name: 'maintenance',
  operationId: 'getMaintenancesPage',
  summary: 'The maintenance that is planned, in progress, and past',
  query: pageQuery,
  asked: (organizationId) => ({ view: 'maintenances', organizationId }),
  Page: MaintenancesPage,
};

const UPTIME: ListPage<View<'uptime'>, z.output<typeof presentQuery>> = {
  name: 'uptime',
  operationId: 'getUptimePage',
  summary: 'How uptime is counted, and the figures of services and groups',
  query: presentQuery,
  asked: (organizationId) => ({ view: 'uptime', organizationId }),
  Page: UptimePage,
};

const SUBSCRIBE: ListPage<View<'subscribe'>, z.output<typeof subscribeQuery>> = {
  name: 'subscribe',
  operationId: 'getSubscribePage',
  summary: 'The feeds and the calendar that can be subscribed to',
  query: subscribeQuery,
  asked: (organizationId, { service }) => ({ view: 'subscribe', organizationId, service: service || undefined }),
  Page: SubscribePage,
};

const VERIFY: ListPage<View<'frame'>, z.output<typeof presentQuery>> = {
  name: 'verify',
  operationId: 'getVerifyPage',
  summary: 'Check the record by its hash chain, in the browser',
  query: presentQuery,
  asked: (organizationId) => ({ view: 'frame', organizationId }),
  Page: VerifyPage,
};

export function listPageRows(parts: PageParts, answerPage: AnswerPage): Route[] {
  return [
    ...rowsOf(HISTORY, parts, answerPage),
    ...rowsOf(MAINTENANCE, parts, answerPage),
    ...rowsOf(UPTIME, parts, answerPage),
    ...rowsOf(SUBSCRIBE, parts, answerPage),
    ...rowsOf(VERIFY, parts, answerPage),
  ];
}

type Query = When & { readonly lang?: string };

function rowsOf<V extends View, Q extends Query>(
  page: ListPage<V, Q>,
  { models }: PageParts,
  answerPage: AnswerPage,
): Route[] {
  const { name, operationId, summary, query, Page } = page;

  const answer = (
    organizationId: string,
    sent: Q,
    { reader, ...asking }: Asking & { readonly reader: Reader },
  ): Answer | Promise<Answer> => {
    if (!maySee(asking.viewer, organizationId)) return NOTHING_HERE;
    const home = homeOf(models.current.organizations, organizationId);
    const { at, position } = sent;
    return answerPage<V>(
      {
        asked: page.asked(organizationId, sent),
        when: { at, position },
        reader,
        home,
        path: pathBelow(home, name),
        choices: page.choices?.(sent) ?? {},
        Page,
        moments: () => [],
        missing: NOTHING_HERE,
      },
      asking,
    );
  };

  const ofDefault: Route<unknown, Q> = {
    ...HTML_PAGE,
    path: `/${name}`,
    operationId,
    summary: `${summary}: of the default organisation`,
    query,
    handle: ({ query: sent, ...asking }) => answer(DEFAULT_ORGANIZATION, sent, asking),
  };

  const ofOrganization: Route<PageParams, Q> = {
    ...HTML_PAGE,
    path: `/status/{page}/${name}`,
    operationId: `${operationId}Of`,
    summary: `${summary}: of an organisation`,
    params: pageParams,
    query,
    handle({ params, query: sent, ...asking }) {
      const organization = organizationAt(models.current.organizations, asking.viewer, params.page);
      if (!organization) return NOTHING_HERE;
      const { id, home, isFormer } = organization;
      if (!isFormer) return answer(id, sent, asking);
      return movedTo(pathBelow(home, name), sent);
    },
  };
  return [ofDefault, ofOrganization] as Route[];
}
