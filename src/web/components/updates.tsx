// The updates of an incident or of a maintenance, each with when, what it said, and what it changed.
import type { ComponentChildren } from 'preact';
import { BLANK } from '../../../projections/events/texts.ts';
import type { Translations } from '../../../projections/events/translations.ts';
import type { Reading } from '../reply/reading.ts';
import { Filled } from './filled.tsx';
import { Markdown } from './markdown.tsx';
import { formatOf, Moment, type MomentFormat } from './moment.tsx';
import { textLanguage } from './text-language.ts';

/** An update as it stands in the list. */
export interface ListedUpdate {
  readonly id: string;
  /** What it is called: its state. */
  readonly name: string;
  /** When it happened, and when it was recorded where that is known. */
  readonly at: string;
  readonly recordedAt?: string | undefined;
  readonly message: string;
  readonly translations?: Translations;
  readonly editedAt?: string | undefined;
  /** The page as it was before the last edit. */
  readonly beforeEdit?: string | undefined;
  /** What stands below the message. */
  readonly below?: ComponentChildren;
}

interface Props {
  /** In the order in which they are shown. */
  readonly updates: readonly ListedUpdate[];
  readonly reading: Reading;
}

export function Updates({ updates, reading }: Props) {
  const moments = updates.flatMap(({ at, editedAt }) => [at, editedAt ?? at]);
  const isDated = moments.some((at) => formatOf(at, reading) === 'moment');
  return (
    <ol class={isDated ? 'updates dated' : 'updates'}>
      {updates.map((update) => (
        <Update key={update.id} update={update} format={isDated ? 'moment' : 'time'} reading={reading} />
      ))}
    </ol>
  );
}

/** A record that is younger than this is as good as made at once, in milliseconds. */
const AT_ONCE = 60_000;

interface UpdateProps {
  readonly update: ListedUpdate;
  /** How its moments are written: with their dates, if any of the list is of another day. */
  readonly format: MomentFormat;
  readonly reading: Reading;
}

function Update({ update, format, reading }: UpdateProps) {
  const { id, name, at, recordedAt, editedAt, beforeEdit, below } = update;
  const { words } = reading;
  const moment = (time: string) => <Moment at={time} as={format} reading={reading} />;
  const isLate = recordedAt !== undefined && Date.parse(recordedAt) - Date.parse(at) >= AT_ONCE;
  return (
    <li class="update" id={`u-${id}`}>
      <p class="when">
        <a data-copy href={`#u-${id}`}>
          <span class="hidden">{words.incident.linkToUpdate}: </span>
          {moment(at)}
        </a>
      </p>
      <div>
        <h3>{name}</h3>
        <Message update={update} reading={reading} />
        {below}
        {isLate && (
          <p class="small">
            <Filled template={words.incident.recordedAt} with={{ time: moment(recordedAt) }} />
          </p>
        )}
        {editedAt !== undefined && (
          <p class="small">
            <Filled template={words.incident.editedAt} with={{ time: moment(editedAt) }} />
            {beforeEdit !== undefined && (
              <>
                {' · '}
                <a href={beforeEdit}>{words.incident.beforeEdit}</a>
              </>
            )}
          </p>
        )}
      </div>
    </li>
  );
}

function Message({ update, reading }: { readonly update: ListedUpdate; readonly reading: Reading }) {
  const { message } = update;
  if (message === '') return null;
  if (message === BLANK) return <p class="removed">{reading.words.incident.removed}</p>;
  return (
    <div class="said" lang={textLanguage(update, 'message', reading)}>
      <Markdown text={message} />
    </div>
  );
}
