// Fields and rules that several commands share: schemas, access, times, and that no entity moves between organisations.
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import type { Entity } from '../../projections/state/collection.ts';
import type { Filter } from '../../projections/viewer/scope.ts';
import { isMember, type Viewer } from '../../projections/viewer/viewer.ts';
import { type Rejection, reject } from './command.ts';

/** Characters that show nothing: blanks, those that Unicode says to ignore when displayed, and the blank Braille pattern. */
const INVISIBLE = /^[\p{Default_Ignorable_Code_Point}\p{Z}\s\u2800]+$/u;

const VISIBLE = [(text: string) => !INVISIBLE.test(text), 'must have a character that can be seen'] as const;

/** One line of text: not empty once trimmed, and visible. */
export const nameField = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine(...VISIBLE)
  .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'must be one line of well-formed text, without control characters');

const WELL_FORMED = [
  (text: string) => !/[^\P{C}\t\n\r\p{Cf}\p{Co}\p{Cn}]/u.test(text),
  'must be well-formed text, without control characters',
] as const;

/** Longer text: not empty once trimmed, and visible. */
export const textField = z
  .string()
  .trim()
  .min(1)
  .max(10_000)
  .refine(...VISIBLE)
  .refine(...WELL_FORMED);

/** Longer text, or none: empty once trimmed. */
export const optionalTextField = z
  .string()
  .trim()
  .max(10_000)
  .refine(...VISIBLE)
  .refine(...WELL_FORMED);

/** Id of an organisation or a tenant: letters, digits, dot, underscore and hyphen. */
export const labelField = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, underscores or hyphens');

/** The organisation and tenant of a new entity. */
export const placeFields = { organizationId: labelField.exactOptional(), tenantId: labelField.exactOptional() };

/** The organisation that a request is about: the one that it names, else the viewer's home, else the default one. */
export function organizationAsked(
  { home = DEFAULT_ORGANIZATION }: Viewer,
  { organizationId = home }: { readonly organizationId?: string | undefined },
): string {
  return organizationId;
}

/** The organisation and tenant of a new entity. The organisation is the one that the request is about. */
export function placeWithDefault(
  viewer: Viewer,
  {
    organizationId,
    tenantId,
  }: { readonly organizationId?: string | undefined; readonly tenantId?: string | undefined },
): { organizationId: string; tenantId?: string } {
  const place = { organizationId: organizationAsked(viewer, { organizationId }) };
  return tenantId === undefined ? place : { ...place, tenantId };
}

/** The entity if the viewer is a member of its organisation. Others get the same answer as for an unknown entity. */
export function changeable<E extends Entity>(entity: E | undefined, viewer: Viewer): E | undefined {
  return entity && isMember(viewer, entity.organizationId) ? entity : undefined;
}

/**
 * Rejects a new entity in an organisation of which the viewer is not a member. Runs first, because later checks could
 * reveal what the organisation contains.
 */
export function refuseNonMember(viewer: Viewer, { organizationId }: { organizationId: string }): Rejection | undefined {
  if (isMember(viewer, organizationId)) return undefined;
  return reject('not-found', `There is no organisation ${organizationId} that you may change.`, '/organizationId');
}

/** Rejects a body that names another organisation or tenant than the entity's own, which cannot change. */
export function refuseMove(entity: Entity, requested: Filter): Rejection | undefined {
  for (const member of ['organizationId', 'tenantId'] as const) {
    if (requested[member] !== undefined && requested[member] !== entity[member]) {
      return reject('other-place', `The ${member} of an entity cannot be changed after its creation.`, `/${member}`);
    }
  }
  return undefined;
}

/** Rejects a time in the future. The request itself is wrong, independent of the current state: a 400. */
export function refuseFuture(time: string | undefined, now: string, pointer: string): Rejection | undefined {
  if (time === undefined || time <= now) return undefined;
  return reject('future-time', `${time} is in the future: the server time is ${now}.`, pointer);
}

/** Rejects a time that has passed where one to come is asked for: an expiry, a promise. */
export function refusePast(time: string | undefined, now: string, pointer: string): Rejection | undefined {
  if (time === undefined || time > now) return undefined;
  return reject('past-time', `${time} is in the past: the server time is ${now}.`, pointer);
}

/** The `occurredAt` of a back-dated event; nothing if the event happens when it is recorded. */
export function backDated(at: string | undefined): { occurredAt?: string } {
  return at === undefined ? {} : { occurredAt: at };
}

/** The members of `requested` that are set and differ from the current ones; `undefined` if there are none. */
export function changedMembers<T extends object>(
  current: T,
  requested: { readonly [K in keyof T]?: T[K] | undefined },
): Partial<T> | undefined {
  const entries = Object.entries(requested).filter(
    ([member, value]) => value !== undefined && !isSame(value, current[member as keyof T]),
  );
  return entries.length > 0 ? (Object.fromEntries(entries) as Partial<T>) : undefined;
}

/** Whether two values are equal. Texts with the same letters are, however these are composed (Unicode NFC). */
export function isSame(a: unknown, b: unknown): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.normalize() === b.normalize();
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  return isDeepStrictEqual(a, b);
}
