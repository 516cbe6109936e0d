// Commands on templates: create, update, place, delete.
import * as z from 'zod';
import { placeOf } from '../../projections/events/envelope.ts';
import type { DataOf } from '../../projections/events/event-types.ts';
import { byRank } from '../../projections/events/rank.ts';
import { INCIDENT_IMPACTS, INCIDENT_STATUSES } from '../../projections/events/severity.ts';
import { findService, type ServicesState } from '../../projections/services.ts';
import { findTemplate, selectTemplates, type Template, type TemplatesState } from '../../projections/templates.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { Write } from '../log/commit.ts';
import { acceptChanges, type Command, type Rejection, reject } from './command.ts';
import {
  changeable,
  changedMembers,
  nameField,
  placeFields,
  placeWithDefault,
  refuseMove,
  refuseNonMember,
  textField,
} from './fields.ts';
import { guardsOf, impactsField, refuseImpacts, union } from './incidents/assessment.ts';
import { refuseAboveQuota } from './quotas.ts';
import { ranksFor } from './ranks.ts';
import { translationsField, withTranslations } from './translations.ts';

const fields = {
  title: nameField,
  text: textField.describe('Whoever composes an incident fills `{{service}}`, `{{group}}` and `{{time}}` in'),
  translations: translationsField({ title: nameField, text: textField }).exactOptional(),
  impact: z.enum(INCIDENT_IMPACTS),
  services: z.array(z.uuid().toLowerCase()).max(100).describe('Ids of services'),
  impacts: impactsField,
};
const status = z.enum(INCIDENT_STATUSES);
/** At most a week. */
const minutes = z.int().min(1).max(10_080).describe('How long after an update the next one is promised, in minutes');

export const createTemplateInput = z.object({
  ...fields,
  impact: fields.impact.default('minor'),
  services: fields.services.default([]),
  impacts: fields.impacts.default({}),
  status: status.exactOptional(),
  nextUpdateMinutes: minutes.exactOptional(),
  ...placeFields,
});

export const updateTemplateInput = z.object({
  title: fields.title.exactOptional(),
  text: fields.text.exactOptional(),
  translations: fields.translations,
  impact: fields.impact.exactOptional(),
  services: fields.services.exactOptional(),
  impacts: fields.impacts.exactOptional(),
  status: status.nullable().exactOptional(),
  nextUpdateMinutes: minutes.nullable().exactOptional(),
  after: z
    .uuid()
    .toLowerCase()
    .nullable()
    .exactOptional()
    .describe('Puts it behind this template; `null` puts it first'),
  ...placeFields,
});

export const createTemplate: Command<z.output<typeof createTemplateInput>> = {
  stream: () => undefined,
  decide({ organizationId, tenantId, services: named, ...asked }, { services, templates }, { viewer, newId }) {
    const place = placeWithDefault(viewer, { organizationId, tenantId });
    const { impact, impacts } = asked;
    const refusal =
      refuseNonMember(viewer, place) ??
      refuseServices(named, services, place.organizationId) ??
      refuseImpacts({ impacts, impact, organizationId: place.organizationId }, services);
    if (refusal) return refusal;
    const siblings = selectTemplates(templates, viewer, place.organizationId).sort(byRank);
    const tooMany = refuseAboveQuota('templates', siblings.length);
    if (tooMany) return tooMany;
    const id = newId();
    const ranks = ranksFor([
      ...siblings.map((each) => ({ ...each, arrives: false })),
      { id, rank: null, origin: Number.MAX_SAFE_INTEGER, arrives: true },
    ]);
    const data = { ...asked, affectedServiceIds: union(named, Object.keys(impacts)), rank: ranks.get(id) ?? '' };
    return {
      kind: 'accepted',
      stream: templateStream(id),
      expected: 'no-stream',
      organizationId: place.organizationId,
      role: 'member',
      guards: guardsOf(impacts, services),
      events: [{ type: 'template.created', ...place, data }],
      also: siblings.flatMap((each) => rankWrite(each, ranks.get(each.id))),
    };
  },
};

export const updateTemplate: Command<z.output<typeof updateTemplateInput> & { id: string }> = {
  stream: ({ id }) => templateStream(id),
  decide({ id, title, text, translations, services: named, after, ...asked }, { services, templates }, { viewer }) {
    const template = changeable(findTemplate(templates, id), viewer);
    if (!template) return unknown(id);
    const { impact, impacts, status: moved, nextUpdateMinutes, ...place } = asked;
    const { organizationId } = template;
    const refusal =
      refuseMove(template, place) ??
      refuseServices(named ?? [], services, organizationId, template.affectedServiceIds) ??
      refuseImpacts({ impacts, impact: impact ?? template.impact, organizationId, known: template.impacts }, services);
    if (refusal) return refusal;
    const ranks = ranksAfter(template, after, templates, viewer);
    if (ranks === 'unknown') return reject('not-found', `There is no template ${after} in the organisation.`, '/after');
    const asserted = impact === 'none' ? {} : impacts;
    const affectedServiceIds = union(named ?? template.affectedServiceIds, Object.keys(asserted ?? template.impacts));
    const retold = changedMembers({ title: template.title, text: template.text }, { title, text });
    const changed: DataOf<'template.changed'> = {
      ...withTranslations(retold, template.translations, translations),
      ...changedMembers<Changeable>(template, {
        impact,
        impacts: asserted,
        affectedServiceIds,
        status: moved,
        nextUpdateMinutes,
        rank: ranks.get(id),
      }),
    };
    const changes = Object.keys(changed).length === 0 ? [] : [{ type: 'template.changed', data: changed } as const];
    const accepted = acceptChanges(
      template,
      { stream: templateStream(id), role: 'member', guards: guardsOf(impacts, services, template.impacts) },
      changes,
    );
    const others = selectTemplates(templates, viewer, organizationId).filter((each) => each.id !== id);
    return { ...accepted, also: others.flatMap((each) => rankWrite(each, ranks.get(each.id))) };
  },
};

export const deleteTemplate: Command<{ id: string }> = {
  stream: ({ id }) => templateStream(id),
  decide({ id }, { templates }, { viewer }) {
    const template = changeable(findTemplate(templates, id), viewer);
    if (!template) return unknown(id);
    return acceptChanges(template, { stream: templateStream(id), role: 'member' }, [
      { type: 'template.deleted', data: {} },
    ]);
  },
};

type Changeable = Pick<Template, 'impact' | 'impacts' | 'affectedServiceIds' | 'status' | 'nextUpdateMinutes' | 'rank'>;

/**
 * The ranks that put the template behind another one: its own, and all where there is no room. `unknown` if there is no
 * such template.
 */
function ranksAfter(
  template: Template,
  after: string | null | undefined,
  state: TemplatesState,
  viewer: Viewer,
): ReadonlyMap<string, string> | 'unknown' {
  if (after === undefined || after === template.id) return new Map();
  const siblings = selectTemplates(state, viewer, template.organizationId).sort(byRank);
  const others = siblings.filter(({ id }) => id !== template.id);
  const place = after === null ? 0 : others.findIndex(({ id }) => id === after) + 1;
  if (after !== null && place === 0) return 'unknown';
  if (siblings[place]?.id === template.id) return new Map();
  const wanted = others.toSpliced(place, 0, template);
  return ranksFor(wanted.map((each) => ({ ...each, arrives: each === template })));
}

function rankWrite(template: Template, rank: string | undefined): Write[] {
  if (rank === undefined) return [];
  const events = [{ type: 'template.changed', ...placeOf(template), data: { rank } } as const];
  return [{ stream: templateStream(template.id), expected: template.version, events }];
}

/** Rejects services that the organisation does not have, unless the template names them already. */
function refuseServices(
  named: readonly string[],
  services: ServicesState,
  organizationId: string,
  known: readonly string[] = [],
): Rejection | undefined {
  const isUnknown = (id: string) => !known.includes(id) && findService(services, id)?.organizationId !== organizationId;
  const index = named.findIndex(isUnknown);
  if (index < 0) return undefined;
  return reject('unknown-service', `There is no service ${named[index]} in the organisation.`, `/services/${index}`);
}

function templateStream(id: string): string {
  return `template-${id}`;
}

function unknown(id: string): Rejection {
  return reject('not-found', `There is no template ${id}.`);
}
