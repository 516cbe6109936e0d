// The routes of /api/page/settings: what a page is called and how it is set up.
import * as z from 'zod';
import type { Models } from '../../../projections/models.ts';
import { findOrganization, organizationStream, organizationsProjection } from '../../../projections/organizations.ts';
import {
  findPage,
  nameOfPage,
  pageStream,
  pagesProjection,
  type StatusPage,
  showPage,
} from '../../../projections/pages.ts';
import { maySee } from '../../../projections/viewer/viewer.ts';
import { labelField, organizationAsked } from '../../commands/fields.ts';
import { changePageSettings, pageSettingsInput } from '../../commands/page-settings.ts';
import { type Asking, asOfFields, isPast, type When } from '../../http/as-of.ts';
import { commandAnswer, entityTag } from '../../http/command-answer.ts';
import type { EntityParts } from '../../http/entity-parts.ts';
import type { Problem } from '../../http/problem.ts';
import type { Answer, Route } from '../../http/route.ts';
import { digest } from '../../log/chain.ts';
import { exampleSettings, exampleSettingsInput, pageSettingsSchema } from './page-settings-schema.ts';

const PATH = '/api/page/settings';

/** The organisation whose page a request is about. */
export const aboutPage = z.object({
  organizationId: labelField
    .exactOptional()
    .describe('The organisation whose page is meant. Default: the one of the API key, else "default"'),
});
export type AboutPage = z.output<typeof aboutPage>;

type Organizations = Models['organizations'];

export function pageSettingsRoutes({ models, dispatch, asOf }: EntityParts): Route[] {
  const shape = { schema: pageSettingsSchema, example: exampleSettings, tagged: true };

  const settingsIn = ({ pages, organizations }: Models, organizationId: string): Answer =>
    shown(findPage(pages, organizationId), organizations);

  const settingsThen = async ({ payer, turn, signal }: Asking, organizationId: string, when: When): Promise<Answer> => {
    const moment = { ...when, payer, turn, signal };
    const then = await asOf.fold(pagesProjection, () => [pageStream(organizationId)], moment);
    if ('problem' in then) return then;
    const names = await asOf.fold(organizationsProjection, () => [organizationStream(organizationId)], moment);
    return 'problem' in names ? names : shown(findPage(then.state, organizationId), names.state);
  };

  const get: Route<unknown, AboutPage & When> = {
    method: 'get',
    path: PATH,
    operationId: 'getPageSettings',
    tag: 'page',
    summary: 'Get the settings of a page',
    access: 'anyone',
    query: aboutPage.extend(asOfFields),
    success: { status: 200, description: 'The settings', ...shape },
    problems: ['not-found'],
    handle({ query: { at, position, ...query }, ...request }) {
      const { viewer } = request;
      const organizationId = organizationAsked(viewer, query);
      if (!maySee(viewer, organizationId)) return noPage(organizationId);
      const when = { at, position };
      return isPast(when) ? settingsThen(request, organizationId, when) : settingsIn(models.current, organizationId);
    },
  };

  const update: Route<unknown, AboutPage, z.output<typeof pageSettingsInput>> = {
    method: 'put',
    path: PATH,
    operationId: 'updatePageSettings',
    tag: 'page',
    summary: 'Change the settings of a page; omitted fields keep their value',
    description:
      'A field that is null is gone, or has its default again. A word that changes without `translations` loses its translations.',
    access: 'admin',
    query: aboutPage,
    body: pageSettingsInput,
    bodyExample: exampleSettingsInput,
    success: { status: 200, description: 'The settings', ...shape },
    problems: ['not-found', 'faint-colour', 'past-time'],
    conditional: true,
    async handle({ viewer, query, body, terms }) {
      const organizationId = organizationAsked(viewer, query);
      const dispatched = await dispatch(changePageSettings, { ...body, organizationId }, terms);
      return commandAnswer(dispatched, viewer, (_events, then) => settingsIn(then, organizationId));
    },
  };

  return [get, update];
}

function shown(page: StatusPage, organizations: Organizations): Answer {
  const name = nameOfPage(page, findOrganization(organizations, page.id));
  const body = JSON.stringify({ ...showPage(page), name });
  // The name can change without the page: the second part of the tag is a digest, which fits a number.
  const position = Number.parseInt(digest(body).slice(0, 12), 16);
  return { status: 200, body, etag: entityTag({ version: page.version, position }) };
}

export function noPage(organizationId: string): Problem {
  return { problem: 'not-found', detail: `There is no organisation ${organizationId}.` };
}
