// The fields that several commands take: their bounds, and the rule that nothing moves between organisations.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Entity } from '../../projections/collection.ts';
import { DEFAULT_ORGANIZATION } from '../../projections/envelope.ts';
import type { Filter } from '../../projections/scope.ts';
import { type Rejection, reject } from './command.ts';

/** One line of text: not empty once trimmed. */
export const nameField = z.string().trim().min(1).max(200);

/** Longer text: not empty once trimmed. */
export const textField = z.string().trim().min(1).max(10_000);

/** Id of an organisation or a tenant: letters, digits, dot, underscore and hyphen. */
export const labelField = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, underscores or hyphens');

/** Where a new entity belongs. */
export const placeFields = { organizationId: labelField.exactOptional(), tenantId: labelField.exactOptional() };

/** The place that is meant: what names no organisation belongs to the default one. */
export function placeMeant(
  organizationId: string = DEFAULT_ORGANIZATION,
  tenantId?: string,
): { organizationId: string; tenantId?: string } {
  return tenantId === undefined ? { organizationId } : { organizationId, tenantId };
}

/** A refusal where a body names another place than the entity's own: it stays where it was created. */
export function refuseMove(entity: Entity, asked: Filter): Rejection | undefined {
  for (const member of ['organizationId', 'tenantId'] as const) {
    if (asked[member] !== undefined && asked[member] !== entity[member]) {
      return reject('other-place', `The ${member} of an entity cannot be changed after its creation.`, `/${member}`);
    }
  }
  return undefined;
}

/** The members of `asked` that are named and differ from the current ones; `undefined` where there is nothing to change. */
export function changedMembers<T extends object>(
  current: T,
  asked: { readonly [K in keyof T]?: T[K] | undefined },
): Partial<T> | undefined {
  const entries = Object.entries(asked).filter(
    ([member, value]) => value !== undefined && !isDeepStrictEqual(value, current[member as keyof T]),
  );
  return entries.length > 0 ? (Object.fromEntries(entries) as Partial<T>) : undefined;
}
