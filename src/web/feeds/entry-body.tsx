// What an entry of a feed tells: how it stands, what it affects, and what was said, the newest first.

import { BLANK } from '../../../projections/events/texts.ts';
import type { FeedEntry } from '../../../projections/selectors/feed-view.ts';
import type { Formats } from '../../text/formats.ts';
import type { Words } from '../../text/words/words.ts';
import { Markdown } from '../components/markdown.tsx';

/** In whose words, and by whose clock. */
export interface Writing {
  readonly words: Words;
  readonly formats: Formats;
}

interface Props {
  readonly entry: FeedEntry;
  /** The address of its page. */
  readonly page: string;
  readonly writing: Writing;
}

export function EntryBody({ entry, page, writing }: Props) {
  const { words, formats } = writing;
  const { services, more } = entry;
  return (
    <>
      <p>
        <strong>{stateOf(entry, writing)}</strong>
        {services.length > 0 && ` · ${words.incident.affected}: ${formats.list(services)}`}
      </p>
      {entry.kind === 'maintenance' && (
        <p>
          {words.maintenance.window}: {formats.range(entry.startsAt, entry.endsAt)} {formats.zoneName(entry.startsAt)}
        </p>
      )}
      {entry.kind === 'incident' && entry.hasPostmortem && (
        <p>
          <a href={`${page}#postmortem`}>{words.incident.postmortem}</a>
        </p>
      )}
      {entry.parts.map(({ status, at, text }, index) => (
        <div key={index}>
          <p>
            <strong>{stateOf({ ...entry, status } as FeedEntry, writing)}</strong> ·{' '}
            <time datetime={at}>{formats.fullMoment(at)}</time>
          </p>
          {text === BLANK ? <p>{words.incident.removed}</p> : <Markdown text={text} />}
        </div>
      ))}
      {more > 0 && (
        <p>
          <a href={page}>{words.incident.earlier(more)}</a>
        </p>
      )}
    </>
  );
}

function stateOf(entry: FeedEntry, { words }: Writing): string {
  return entry.kind === 'incident' ? words.incident.states[entry.status] : words.maintenance.states[entry.status];
}
