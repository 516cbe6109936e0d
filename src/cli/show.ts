// `plive show`: shows one entity, event by event, and the result.

import type { EntityKind } from '../../projections/entity-kind.ts';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { isFromTheFuture } from '../../projections/events/upcasters.ts';
import { KINDS } from '../../projections/kinds.ts';
import type { Models } from '../../projections/models.ts';
import { decode } from '../log/encoding.ts';
import { expectArguments, parseArguments } from './arguments.ts';
import { type EntityStory, storyOf } from './entities.ts';
import { SOURCE, withSource } from './source.ts';
import type { Source } from './storage.ts';
import { changeLines, eventLine, fieldLines } from './text.ts';
import { UsageError, type Verb, VerbError } from './verb.ts';

export const showVerb: Verb = {
  name: 'show',
  summary: 'Show one entity and what each event changed',
  usage: `plive show STREAM [--json] [--data-dir DIR | --database URL | --file FILE]

Shows each event of a stream (${streams()}), what it changed, and the entity after the last one.
Only the events of this stream count: the status of a service is the reported one, without the impact of incidents.`,
  async run(args, surroundings) {
    const { values, positionals } = parseArguments(args, { ...SOURCE, json: { type: 'boolean' } });
    expectArguments(positionals, 'stream');
    const [stream = ''] = positionals;
    const kind = KINDS.find(({ aggregate }) => stream.startsWith(`${aggregate}-`));
    if (!kind) throw new UsageError(`"${stream}" is not a stream. Streams are named ${streams()}.`);
    const events = await withSource(values, surroundings, (source) => eventsOf(source, stream));
    if (events.length === 0) throw new VerbError(`There is no stream ${stream}.`);
    const { entries, entity } = storyOf(kind, events);
    const json = () => `${JSON.stringify({ stream, events, changes: entries, entity })}\n`;
    await surroundings.print(values.json ? json() : written(kind, events, { entries, entity }));
    return 0;
  },
};

function streams(): string {
  return KINDS.map(({ aggregate }) => `${aggregate}-<id>`).join(' or ');
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
  const after = entity ? [`${aggregate} ${entity.id}`, ...fieldLines(entity)] : [`The ${aggregate} is deleted.`];
  return `${[...lines, ...after].join('\n')}\n`;
}
