// `plive show`: one entity, event by event, and as it is after them.

import type { EntityKind } from '../../projections/entity-kind.ts';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { isFromTheFuture } from '../../projections/events/upcasters.ts';
import { KINDS } from '../../projections/kinds.ts';
import type { Models } from '../../projections/models.ts';
import { decode } from '../log/encoding.ts';
import { type EntityStory, storyOf } from './entities.ts';
import { SOURCE, type Source, withSource } from './source.ts';
import { changeLines, eventLine, fieldLines } from './text.ts';
import { UsageError, type Verb, VerbError } from './verb.ts';
import { expectWords, parseWords } from './words.ts';

export const showVerb: Verb = {
  name: 'show',
  summary: 'Show the events of one entity, and the entity',
  usage: `plive show STREAM [--json] [--data-dir DIR | --file FILE]

Shows each event of a stream such as service-<id> or incident-<id>, what it changed, and the entity after all of
them: as its own events tell it, so the status of a service is what was reported of it.`,
  async run(words, surroundings) {
    const { values, positionals } = parseWords(words, { ...SOURCE, json: { type: 'boolean' } });
    expectWords(positionals, 'stream');
    const [stream = ''] = positionals;
    const kind = KINDS.find(({ aggregate }) => stream.startsWith(`${aggregate}-`));
    if (!kind) throw new UsageError(`"${stream}" is no stream: those are ${streams()}.`);
    const events = await withSource(values, surroundings, (source) => eventsOf(source, stream));
    if (events.length === 0) throw new VerbError(`There is no stream ${stream}.`);
    const { entries, entity } = storyOf(kind, events);
    const json = () => `${JSON.stringify({ stream, events, changes: entries, entity })}\n`;
    await surroundings.print(values.json ? json() : written(kind, events, { entries, entity }));
    return 0;
  },
};

function streams(): string {
  return KINDS.map(({ aggregate }) => `${aggregate}-<id>`).join(' and ');
}

async function eventsOf(source: Source, stream: string): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of source.scan({ after: 0, stream })) events.push(...page.map(decode));
  const unknown = events.find(isFromTheFuture);
  if (unknown) throw new VerbError(`A newer version of Plive wrote the event at position ${unknown.position}.`);
  return events;
}

function written(
  { aggregate }: EntityKind<Models>,
  events: readonly RecordedEvent[],
  { entries, entity }: EntityStory,
): string {
  const lines = events.flatMap((event, index) => [eventLine(event), ...changeLines(entries[index]?.changes ?? [])]);
  const after = entity ? [`${aggregate} ${entity.id}`, ...fieldLines(entity)] : [`The ${aggregate} is gone.`];
  return `${[...lines, ...after].join('\n')}\n`;
}
