// `plive replay`: prints the read models as they were, folded from the log alone.
import type { EntityKind } from '../../projections/entity-kind.ts';
import { KINDS } from '../../projections/kinds.ts';
import type { Models } from '../../projections/models.ts';
import { expectArguments, parseArguments, parseMoment } from './arguments.ts';
import { type Figures, figuresOf, shownEntities } from './entities.ts';
import { replayLog, type Then } from './replay-log.ts';
import { SOURCE, withSource } from './source.ts';
import { fieldLines, table } from './text.ts';
import { suggestion, UsageError, type Verb } from './verb.ts';

/** The read models that list entities. */
const LISTED = KINDS.map(({ plural }) => plural);

export const replayVerb: Verb = {
  name: 'replay',
  summary: 'Print the read models as they were at any time',
  usage: `plive replay [--until POSITION | TIME] [--projection NAME] [--json] [--data-dir DIR | --database URL | --file FILE]

Folds the log from its start up to a position or a recorded time, and prints the size and state hash of every read model.
With --projection (${LISTED.join(', ')}) it prints everything that this one shows. The state hash is the same wherever
the same version of a projection has folded the same events.
Exit code: 1 if a part of a read model stopped at an event that it cannot handle.`,
  async run(args, surroundings) {
    const { values, positionals } = parseArguments(args, {
      ...SOURCE,
      until: { type: 'string' },
      projection: { type: 'string' },
      json: { type: 'boolean' },
    });
    expectArguments(positionals);
    const kind = values.projection === undefined ? undefined : kindNamed(values.projection);
    const until = values.until === undefined ? 'end' : parseMoment(values.until);
    const [then] = await withSource(values, surroundings, (source) =>
      replayLog(source, [until] as const, surroundings),
    );
    await surroundings.print(values.json ? `${JSON.stringify(report(then, kind))}\n` : written(then, kind));
    return then.faults.length === 0 ? 0 : 1;
  },
};

function kindNamed(name: string): EntityKind<Models> {
  const kind = KINDS.find(({ plural }) => plural === name);
  if (kind) return kind;
  throw new UsageError(`Unknown projection "${name}". ${suggestion(name, LISTED)}`);
}

function report({ position, recordedAt, models, faults }: Then, kind: EntityKind<Models> | undefined): object {
  return {
    position,
    recordedAt,
    projections: shownFigures(models, kind),
    ...(kind ? { [kind.plural]: shownEntities(kind, models) } : {}),
    faults,
  };
}

function written({ position, recordedAt, models }: Then, kind: EntityKind<Models> | undefined): string {
  const when = recordedAt === null ? 'Before the first event' : `At position ${position}, recorded at ${recordedAt}`;
  const figures = shownFigures(models, kind).map(row);
  const entities = (kind ? shownEntities(kind, models) : []).map(
    ({ id, ...fields }) => `${[id, ...fieldLines(fields)].join('\n')}\n`,
  );
  return `${when}:\n${table([COLUMNS, ...figures])}${entities.join('')}`;
}

/** The figures of the read model that holds one kind, or of all read models. */
function shownFigures(models: Models, kind: EntityKind<Models> | undefined): readonly Figures[] {
  return figuresOf(models).filter(({ projection }) => kind === undefined || projection === kind.projection.name);
}

const COLUMNS = ['projection', 'version', 'entities', 'state hash'];

function row({ projection, version, entities, stateHash }: Figures): readonly string[] {
  return [projection, String(version), entities === undefined ? '' : String(entities), stateHash];
}
