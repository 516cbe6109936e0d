// The fields that several commands take: their bounds, and the rule that nothing moves between organisations.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import type { Entity } from '../../projections/state/collection.ts';
import type { Filter } from '../../projections/viewer/scope.ts';
import { isMember, type Viewer } from '../../projections/viewer/viewer.ts';
import { type Rejection, reject } from './command.ts';

/** One line of text: not empty once trimmed. */
export const nameField = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'must be one line of well-formed text, without control characters');

/** Longer text: not empty once trimmed. */
export const textField = z
  .string()
  .trim()
  .min(1)
  .max(10_000)
  .refine(
    (text) => !/[^\P{C}\t\n\r\p{Cf}\p{Co}\p{Cn}]/u.test(text),
    'must be well-formed text, without control characters',
  );

/** Id of an organisation or a tenant: letters, digits, dot, underscore and hyphen. */
export const labelField = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, underscores or hyphens');

/** A moment, RFC 3339 with any offset, as UTC with milliseconds: in that form times compare as texts do. */
export const timeField = z.iso
  .datetime({ offset: true, error: 'must be a time with an offset, like 2026-03-01T10:00:00Z' })
  .transform((time) => new Date(time).toISOString())
  // An offset can lead out of the years that have four digits, where times no longer compare as texts do.
  .refine((time) => /^\d{4}-/.test(time), 'must be in the years 0000 to 9999');

/** Where a new entity belongs. */
export const placeFields = { organizationId: labelField.exactOptional(), tenantId: labelField.exactOptional() };

/** The place that is meant: what names no organisation belongs to the viewer's own, and without one to the default one. */
export function placeMeant(
  { home = DEFAULT_ORGANIZATION }: Viewer,
  {
    organizationId = home,
    tenantId,
  }: { readonly organizationId?: string | undefined; readonly tenantId?: string | undefined },
): { organizationId: string; tenantId?: string } {
  return tenantId === undefined ? { organizationId } : { organizationId, tenantId };
}

/** The entity where it is the viewer's to change; to all others it is unknown, also to those who may look at it. */
export function changeable<E extends Entity>(entity: E | undefined, viewer: Viewer): E | undefined {
  return entity && isMember(viewer, entity.organizationId) ? entity : undefined;
}

/** A refusal where something new is for an organisation that is not the viewer's, before it could tell what is in there. */
export function refuseStranger(viewer: Viewer, { organizationId }: { organizationId: string }): Rejection | undefined {
  if (isMember(viewer, organizationId)) return undefined;
  return reject('not-found', `There is no organisation ${organizationId} that you may change.`, '/organizationId');
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

/** A refusal where the moment has not come yet. It is the request's own fault, whatever the state of things: a 400. */
export function refuseFuture(time: string | undefined, now: string, pointer: string): Rejection | undefined {
  if (time === undefined || time <= now) return undefined;
  return reject('future-time', `${time} is in the future: the server time is ${now}.`, pointer);
}

/** A refusal where the moment has passed already: what expires then would never have held. */
export function refusePast(time: string | undefined, now: string, pointer: string): Rejection | undefined {
  if (time === undefined || time > now) return undefined;
  return reject('past-time', `${time} is in the past: the server time is ${now}.`, pointer);
}

/** When an event happened, where that was told; else it happens as it is recorded. */
export function happening(at: string | undefined): { occurredAt?: string } {
  return at === undefined ? {} : { occurredAt: at };
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
