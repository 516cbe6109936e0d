// Templates: what members keep to write incidents and updates from. Others do not know that there are any.
import type { EntityKind } from './entity-kind.ts';
import { aggregateOf, entityId, placeOf } from './events/envelope.ts';
import type { RecordedEvent } from './events/event-types.ts';
import type { IncidentImpact, IncidentStatus } from './events/severity.ts';
import { blankAt } from './events/texts.ts';
import type { Translations } from './events/translations.ts';
import type { Impacts } from './incident/course.ts';
import { selectEntities } from './selection.ts';
import {
  type Collection,
  type CollectionPart,
  type Counting,
  decodeCollection,
  type Entity,
  emptyCollection,
  encodeCollection,
  findEntity,
  replaceEntity,
  shownPlace,
} from './state/collection.ts';
import type { Projection } from './state/projection.ts';
import { shownTranslations, translationsAfter } from './state/translated.ts';
import type { Viewer } from './viewer/viewer.ts';

interface TemplateFields {
  readonly title: string;
  /** Who composes fills `{{service}}`, `{{group}}` and `{{time}}` in. */
  readonly text: string;
  readonly impact: IncidentImpact;
  /** `null`: whatever the incident has. */
  readonly status: IncidentStatus | null;
  /** By service id. */
  readonly impacts: Impacts;
  /** How long after an update the next one is promised, in minutes; `null` for no promise. */
  readonly nextUpdateMinutes: number | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Template extends Entity, TemplateFields {
  readonly translations: Translations | null;
  /** The services that it names, and those in `impacts`. */
  readonly affectedServiceIds: readonly string[];
  /** Its place among the templates of the organisation. */
  readonly rank: string;
}

/** A template as REST shows it. */
export interface ShownTemplate extends TemplateFields {
  readonly id: string;
  readonly translations?: Translations;
  /** Ids of services. */
  readonly services: readonly string[];
  /** Its rank. */
  readonly order: string;
  /** Left out for the default organisation. */
  readonly organizationId?: string;
  readonly tenantId?: string;
  readonly version: number;
}

/** How many templates there are. */
type Templates = Collection<Template, number>;

export interface TemplatesState {
  readonly templates: Templates;
}

const counting: Counting<Template, number> = {
  zero: 0,
  recount: (count, before, after) => count + Number(after !== undefined) - Number(before !== undefined),
};

export const templatesProjection: Projection<TemplatesState> = {
  name: 'templates',
  version: 1,
  initial: { templates: emptyCollection() },
  on(state, event) {
    switch (event.type) {
      case 'template.created':
        return replaced(state, event, created(event));
      case 'template.changed':
        return changed(state, event, (template) => changesOf(template, event));
      case 'template.deleted':
        return replaced(state, event, undefined);
      case 'event.redacted':
        return aggregateOf(event) === 'template'
          ? changed(state, event, (template) => blankAt(template, event.data.shown))
          : state;
      default:
        return state;
    }
  },
  encode: ({ templates }) => encodeCollection(templates),
  decode: ({ templates }, part) => ({
    templates: decodeCollection(templates, part as CollectionPart<Template>, counting),
  }),
};

function created(event: RecordedEvent<'template.created'>): Template {
  const { translations: sent, status = null, nextUpdateMinutes = null, ...fields } = event.data;
  return {
    id: entityId(event),
    ...placeOf(event),
    ...fields,
    status,
    nextUpdateMinutes,
    translations: translationsAfter(null, { sent, isRetold: true }),
    createdAt: event.recordedAt,
    updatedAt: event.recordedAt,
    version: event.version,
    origin: event.position,
    position: event.position,
  };
}

function changesOf(
  { translations }: Template,
  { data: { translations: sent, ...fields } }: RecordedEvent<'template.changed'>,
): Partial<Template> {
  const isRetold = fields.title !== undefined || fields.text !== undefined;
  return { ...fields, translations: translationsAfter(translations, { sent, isRetold }) };
}

function changed(
  state: TemplatesState,
  event: RecordedEvent,
  change: (before: Template) => Partial<Template>,
): TemplatesState {
  const before = findTemplate(state, entityId(event));
  if (!before) return state;
  const { version, position, recordedAt: updatedAt } = event;
  return replaced(state, event, { ...before, ...change(before), updatedAt, version, position });
}

function replaced(state: TemplatesState, event: RecordedEvent, after: Template | undefined): TemplatesState {
  const before = findTemplate(state, entityId(event));
  return { templates: replaceEntity(state.templates, event, { before, after }, counting) };
}

/** The template with this id, without an access check: for folds and decisions. */
export function findTemplate(state: TemplatesState, id: string): Template | undefined {
  return findEntity(state.templates, id);
}

/** The templates of the organisation, in the order of their creation. */
export function selectTemplates(state: TemplatesState, viewer: Viewer, organizationId: string): Template[] {
  return [...selectEntities(state.templates, viewer, { organizationId })];
}

function showTemplate(template: Template): ShownTemplate {
  const { id, title, text, translations, impact, status, affectedServiceIds, impacts, nextUpdateMinutes } = template;
  const { rank, createdAt, updatedAt, version } = template;
  return {
    id,
    title,
    text,
    ...shownTranslations(translations),
    impact,
    status,
    services: affectedServiceIds,
    impacts,
    nextUpdateMinutes,
    order: rank,
    ...shownPlace(template),
    createdAt,
    updatedAt,
    version,
  };
}

export const templateKind = {
  aggregate: 'template',
  audience: 'members',
  plural: 'templates',
  projection: templatesProjection,
  state: ({ templates }) => templates,
  collection: ({ templates }) => templates,
  show: showTemplate,
  // It has none of its own: `status` is that of the incident to be.
  status: () => '',
  isActive: () => false,
  isSettled: () => false,
  touched: () => [],
  streams: (_models, id) => [`template-${id}`],
  textsUnder: () => '',
  notInHistory: [],
  additions: () => [],
} as const satisfies EntityKind<{ readonly templates: TemplatesState }, Template, TemplatesState>;
