// `plive diff`: shows what differs between two moments of a log.
import type { EntityKind } from '../../projections/entity-kind.ts';
import { KINDS } from '../../projections/kinds.ts';
import type { Models } from '../../projections/models.ts';
import { type FieldChange, fieldChanges } from '../../projections/state/field-changes.ts';
import { expectArguments, parseArguments, parseMoment } from './arguments.ts';
import { type ShownEntity, shownEntities } from './entities.ts';
import { replayLog, type Then } from './replay-log.ts';
import { SOURCE, withSource } from './source.ts';
import { changeLines, fieldLines } from './text.ts';
import { type Verb, VerbError } from './verb.ts';

export const diffVerb: Verb = {
  name: 'diff',
  summary: 'Show the differences between two moments',
  usage: `plive diff A B [--json] [--data-dir DIR | --database URL | --file FILE]

Shows what was added (+), removed (-) and changed (~) from A to B, field by field. A and B are positions in the log or
recorded times, in either order.
Exit code: 0 if there is no difference, 1 if there is one.`,
  async run(args, surroundings) {
    const { values, positionals } = parseArguments(args, { ...SOURCE, json: { type: 'boolean' } });
    expectArguments(positionals, 'first moment', 'second moment');
    const [a, b] = positionals.map(parseMoment) as [ReturnType<typeof parseMoment>, ReturnType<typeof parseMoment>];
    const [from, to] = await withSource(values, surroundings, (source) =>
      replayLog(source, [a, b] as const, surroundings),
    );
    if (from.faults.length + to.faults.length > 0)
      throw new VerbError('A read model stopped at an event that it cannot handle, so the differences are unknown.');
    const differences = KINDS.map((kind) => compare(kind, from.models, to.models));
    await surroundings.print(values.json ? `${JSON.stringify(report(from, to, differences))}\n` : written(differences));
    return differences.some(({ added, removed, changed }) => added.length + removed.length + changed.length > 0)
      ? 1
      : 0;
  },
};

interface Difference {
  readonly kind: EntityKind<Models>;
  readonly added: readonly ShownEntity[];
  readonly removed: readonly ShownEntity[];
  readonly changed: readonly { readonly id: string; readonly fields: readonly FieldChange[] }[];
}

function compare(kind: EntityKind<Models>, from: Models, to: Models): Difference {
  const before = new Map(shownEntities(kind, from).map((entity) => [entity.id, entity]));
  const after = new Map(shownEntities(kind, to).map((entity) => [entity.id, entity]));
  return {
    kind,
    added: [...after.values()].filter(({ id }) => !before.has(id)),
    removed: [...before.values()].filter(({ id }) => !after.has(id)),
    changed: [...before.values()]
      .map(({ id, ...entity }) => ({ id, fields: fieldChanges({ id, ...entity }, after.get(id)) }))
      .filter(({ fields }) => fields.length > 0),
  };
}

function report(from: Then, to: Then, differences: readonly Difference[]): object {
  const moment = ({ position, recordedAt }: Then) => ({ position, recordedAt });
  const named = differences.map(({ kind, ...difference }) => [kind.plural, difference]);
  return { from: moment(from), to: moment(to), ...Object.fromEntries(named) };
}

function written(differences: readonly Difference[]): string {
  return differences
    .flatMap(({ kind: { aggregate }, added, removed, changed }) => [
      ...added.flatMap((entity) => marked('+', aggregate, entity)),
      ...removed.flatMap((entity) => marked('-', aggregate, entity)),
      ...changed.flatMap(({ id, fields }) => [`~ ${aggregate} ${id}`, ...changeLines(fields)]),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

function marked(mark: string, aggregate: string, { id, ...fields }: ShownEntity): readonly string[] {
  return [`${mark} ${aggregate} ${id}`, ...fieldLines(fields)];
}
