// The names of a kind of entity in paths and in the API documentation.
import type { EntityKind } from '../../../projections/entity-kind.ts';

export interface KindNames {
  /** `service` */
  readonly noun: string;
  /** `services` */
  readonly plural: string;
  /** `Service` */
  readonly name: string;
  /** `Services` */
  readonly pluralName: string;
}

export function namesOf({ aggregate, plural }: Pick<EntityKind<never>, 'aggregate' | 'plural'>): KindNames {
  return { noun: aggregate, plural, name: capitalized(aggregate), pluralName: capitalized(plural) };
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
