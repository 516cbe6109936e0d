// The JSON Schemas of the document: those of the rows, written from zod, and those with a name among its components.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Json } from './components.ts';

interface ObjectShape extends Json {
  properties?: Record<string, Json>;
  required?: readonly string[];
}

/** Writes schemas as JSON Schema, and gathers those with a name of their own (`.meta({ id })`) for the components. */
export class Schemas {
  readonly named: Record<string, Json> = {};

  write(schema: z.ZodType, io: 'input' | 'output'): ObjectShape {
    const written = z.toJSONSchema(schema, { target: 'draft-2020-12', io, override: staysOpen });
    const { $schema: _dialect, $defs = {}, ...shape } = relocated(written);
    for (const [name, definition] of Object.entries($defs)) this.#keep(name, definition);
    return shape;
  }

  #keep(name: string, definition: Json): void {
    const known = this.named[name];
    if (known && !isDeepStrictEqual(known, definition)) throw new TypeError(`Two schemas are named ${name}`);
    this.named[name] = definition;
  }
}

type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>;

/** Answers gain members over time: a client must not be told to refuse what it does not know. */
const staysOpen: Override = ({ zodSchema: { _zod }, jsonSchema }) => {
  if (_zod.def.type === 'object' && !_zod.def.catchall) delete jsonSchema.additionalProperties;
};

/** The schema with its references to names pointing at the document's components. Quotes within texts are escaped, so only references match. */
function relocated(schema: object): ObjectShape & { $defs?: Record<string, Json> } {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/$defs/', '"$ref":"#/components/schemas/'));
}
