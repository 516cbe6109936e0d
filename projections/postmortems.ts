// Drafts of postmortems, for members alone. What is published of one is part of its incident.
import type { EntityKind } from './entity-kind.ts';
import { aggregateOf, entityId, placeOf } from './events/envelope.ts';
import type { RecordedEvent } from './events/event-types.ts';
import { blankAt } from './events/texts.ts';
import type { Translations } from './events/translations.ts';
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

/** The draft of an incident's postmortem. Its id is that of the incident. */
export interface Postmortem extends Entity {
  readonly text: string;
  readonly translations: Translations | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A draft as REST shows it. */
export interface ShownPostmortem {
  readonly id: string;
  readonly text: string;
  readonly translations?: Translations;
  /** Left out for the default organisation. */
  readonly organizationId?: string;
  readonly tenantId?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

export interface PostmortemsState {
  readonly postmortems: Collection<Postmortem, null>;
}

const uncounted: Counting<Postmortem, null> = { zero: null, recount: () => null };

export const postmortemsProjection: Projection<PostmortemsState> = {
  name: 'postmortems',
  version: 1,
  initial: { postmortems: emptyCollection() },
  on(state, event) {
    switch (event.type) {
      case 'postmortem.drafted':
        return replaced(state, event, drafted(findPostmortem(state, entityId(event)), event));
      case 'incident.deleted':
      case 'incident.retracted':
        return replaced(state, event, undefined);
      case 'event.redacted':
        return redacted(state, event);
      default:
        return state;
    }
  },
  encode: ({ postmortems }) => encodeCollection(postmortems),
  decode: ({ postmortems }, part) => ({
    postmortems: decodeCollection(postmortems, part as CollectionPart<Postmortem>, uncounted),
  }),
};

function drafted(before: Postmortem | undefined, event: RecordedEvent<'postmortem.drafted'>): Postmortem {
  const { text, translations: sent } = event.data;
  return {
    id: entityId(event),
    ...placeOf(event),
    text,
    // Each draft is told anew. Texts are not compared: a redaction makes different ones equal.
    translations: translationsAfter(null, { sent, isRetold: true }),
    createdAt: before?.createdAt ?? event.recordedAt,
    updatedAt: event.recordedAt,
    version: event.version,
    origin: before?.origin ?? event.position,
    position: event.position,
  };
}

function redacted(state: PostmortemsState, event: RecordedEvent<'event.redacted'>): PostmortemsState {
  const before = aggregateOf(event) === 'postmortem' ? findPostmortem(state, entityId(event)) : undefined;
  if (!before) return state;
  const { version, position, recordedAt: updatedAt } = event;
  return replaced(state, event, { ...blankAt(before, event.data.shown), updatedAt, version, position });
}

function replaced(state: PostmortemsState, event: RecordedEvent, after: Postmortem | undefined): PostmortemsState {
  const before = findPostmortem(state, entityId(event));
  if (!before && !after) return state;
  return { postmortems: replaceEntity(state.postmortems, event, { before, after }, uncounted) };
}

/** The draft of the incident with this id, without an access check: for folds and decisions. */
export function findPostmortem(state: PostmortemsState, id: string): Postmortem | undefined {
  return findEntity(state.postmortems, id);
}

function showPostmortem(postmortem: Postmortem): ShownPostmortem {
  const { id, text, translations, createdAt, updatedAt, version } = postmortem;
  return { id, text, ...shownTranslations(translations), ...shownPlace(postmortem), createdAt, updatedAt, version };
}

export const postmortemKind = {
  aggregate: 'postmortem',
  audience: 'members',
  plural: 'postmortems',
  projection: postmortemsProjection,
  state: ({ postmortems }) => postmortems,
  collection: ({ postmortems }) => postmortems,
  show: showPostmortem,
  // A draft has no status: what is published is said by the incident.
  status: () => '',
  isActive: () => false,
  isSettled: () => false,
  touched: (_commit, event) =>
    event.type === 'incident.deleted' || event.type === 'incident.retracted' ? [entityId(event)] : [],
  streams: (_models, id) => [`postmortem-${id}`, `incident-${id}`],
  textsUnder: () => '',
  notInHistory: [],
  additions: () => [],
} as const satisfies EntityKind<{ readonly postmortems: PostmortemsState }, Postmortem, PostmortemsState>;
