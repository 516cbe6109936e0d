// The command on the postmortem of an incident: draft, publish, unpublish.
import * as z from 'zod';
import { placeOf } from '../../../projections/events/envelope.ts';
import type { DataOf } from '../../../projections/events/event-types.ts';
import type { Translations } from '../../../projections/events/translations.ts';
import type { PublishedPostmortem } from '../../../projections/incident/postmortem.ts';
import { findIncident } from '../../../projections/incidents.ts';
import { findPostmortem, type Postmortem } from '../../../projections/postmortems.ts';
import { translationsAfter } from '../../../projections/state/translated.ts';
import type { Write } from '../../log/commit.ts';
import { type Change, type Command, reject } from '../command.ts';
import { changeable, isSame, textField } from '../fields.ts';
import { translationsField } from '../translations.ts';
import { incidentStream, unknownIncident } from './stream.ts';

export const changePostmortemInput = z.object({
  text: textField.exactOptional().describe('The draft. What is published stays until it is published again'),
  translations: translationsField({ text: textField }).exactOptional(),
  status: z
    .enum(['draft', 'published'])
    .exactOptional()
    .describe('`published` publishes the draft, `draft` takes it back'),
});

/** A text with its translations; `null` without any. */
interface Said {
  readonly text: string;
  readonly translations: Translations | null;
}

type Asked = Omit<z.output<typeof changePostmortemInput>, 'status'>;

export const changePostmortem: Command<z.output<typeof changePostmortemInput> & { id: string }> = {
  // Drafts and publications are in two streams, which change one after another.
  stream: ({ id }) => incidentStream(id),
  decide({ id, status, ...asked }, { incidents, postmortems }, { viewer }) {
    const incident = changeable(findIncident(incidents, id), viewer);
    if (!incident) return unknownIncident(id);
    const draft = findPostmortem(postmortems, id);
    const said = draftAfter(draft, asked);
    if (!said) return reject('no-postmortem', 'The incident has no postmortem yet; send its text.', '/text');
    const place = placeOf(incident);
    const drafts: Write = {
      stream: `postmortem-${id}`,
      expected: draft?.version ?? 'no-stream',
      events:
        draft && isSame(said, saidBy(draft))
          ? []
          : [{ type: 'postmortem.drafted', ...place, data: dataOf(said, asked) }],
    };
    const publications: Write = {
      stream: incidentStream(id),
      expected: incident.version,
      events: publish(incident.postmortem, said, status).map((change) => ({ ...place, ...change })),
    };
    return {
      kind: 'accepted',
      stream: drafts.stream,
      expected: draft?.version ?? 'no-stream',
      organizationId: incident.organizationId,
      role: 'member',
      events: drafts.events,
      also: [publications],
      guards: [drafts, publications]
        .filter(({ events }) => events.length === 0)
        .map(({ stream, expected }) => ({ stream, expected })),
    };
  },
};

/** The draft as it is to be; `undefined` if there is none and no text for one. */
function draftAfter(
  draft: Postmortem | undefined,
  { text = draft?.text, translations: sent }: Asked,
): Said | undefined {
  if (text === undefined) return undefined;
  const isRetold = draft === undefined || !isSame(text, draft.text);
  return { text, translations: translationsAfter(draft?.translations ?? null, { sent, isRetold }) };
}

function dataOf({ text }: Said, { translations }: Asked): DataOf<'postmortem.drafted'> {
  return translations === undefined ? { text } : { text, translations };
}

/** What publishes the draft, or takes back what is published; nothing if it is as asked already. */
function publish(
  published: PublishedPostmortem | null,
  said: Said,
  status: 'draft' | 'published' | undefined,
): Change[] {
  if (status === 'draft' && published) return [{ type: 'incident.postmortem-unpublished', data: {} }];
  if (status !== 'published' || (published && isSame(said, saidBy(published)))) return [];
  const { text, translations } = said;
  return [{ type: 'incident.postmortem-published', data: translations === null ? { text } : { text, translations } }];
}

function saidBy({
  text,
  translations = null,
}: {
  readonly text: string;
  readonly translations?: Translations | null;
}): Said {
  return { text, translations };
}
