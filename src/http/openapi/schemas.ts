// Converts zod schemas to the JSON Schemas of the OpenAPI document.
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { Json } from './components.ts';

interface ObjectShape extends Json {
  properties?: Record<string, Json>;
  required?: readonly string[];
}

/** Converts schemas, and collects those with an id (`.meta({ id })`) for the components of the document. */
export class Schemas {
  readonly named: Record<string, Json> = {};

  write(schema: z.ZodType, io: 'input' | 'output'): ObjectShape {
    const written = z.toJSONSchema(schema, { target: 'draft-2020-12', io, override: allowUnknownProperties });
    const { $schema: _dialect, $defs = {}, ...shape } = relocated(written);
    for (const [name, definition] of Object.entries($defs)) this.#addNamed(name, definition);
    return shape;
  }

  /** Adds a schema to the components under this name, and returns a reference to it. */
  name(name: string, definition: Json): Json {
    this.#addNamed(name, definition);
    return { $ref: `#/components/schemas/${name}` };
  }

  #addNamed(name: string, definition: Json): void {
    const known = this.named[name];
    if (known && !isDeepStrictEqual(known, definition)) throw new TypeError(`Two schemas are named ${name}`);
    this.named[name] = definition;
  }
}

type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>;

/** Allows unknown properties: responses gain members over time, and generated clients must not reject them. */
const allowUnknownProperties: Override = ({ zodSchema: { _zod }, jsonSchema }) => {
  if (_zod.def.type === 'object' && !_zod.def.catchall) delete jsonSchema.additionalProperties;
};

/**
 * Points the references of the schema to the components of the document. Quotes inside strings are escaped in JSON, so
 * only references match.
 */
function relocated(schema: object): ObjectShape & { $defs?: Record<string, Json> } {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/$defs/', '"$ref":"#/components/schemas/'));
}
