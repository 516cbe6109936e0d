// Display names of actors: people are named by identity, API keys by the log. Erased people and revoked keys get a
// label.
import * as z from 'zod';
import type { Actor } from '../../projections/events/event-types.ts';
import { findKey, findOrganization } from '../../projections/organizations.ts';
import type { Accounts } from '../identity/accounts.ts';
import type { ReadModels } from '../read-models/read-models.ts';

interface NamedActor extends Actor {
  readonly name?: string;
}

export const actorSchema = z.object({
  kind: z.enum(['user', 'key', 'anonymous', 'system']),
  id: z.string().exactOptional(),
  name: z.string().exactOptional().describe('Current name of the person or API key'),
}) satisfies z.ZodType<NamedActor>;

/** Looks up the names of these actors in one go. Resolves with a function that adds the name to each of them. */
export type NameActors = (organizationId: string, actors: readonly Actor[]) => Promise<(actor: Actor) => NamedActor>;

export const FORMER_MEMBER = 'former member';
const REVOKED_KEY = 'revoked key';

export function createActorNames(accounts: Accounts, models: ReadModels): NameActors {
  return async (organizationId, actors) => {
    const ids = actors.flatMap(({ kind, id }) => (kind === 'user' && id !== undefined ? [id] : []));
    const people = new Map((await accounts.list([...new Set(ids)])).map(({ id, name }) => [id, name]));
    const organization = findOrganization(models.current.organizations, organizationId);
    return (actor) => {
      const { kind, id = '' } = actor;
      if (kind === 'user') return { ...actor, name: people.get(id) ?? FORMER_MEMBER };
      return kind === 'key' ? { ...actor, name: findKey(organization, id)?.name ?? REVOKED_KEY } : actor;
    };
  };
}

/** Adds the names of who made these things of an organisation. */
export function namingMakers(nameActors: NameActors) {
  return async <T extends { readonly createdBy: Actor }>(organizationId: string, made: readonly T[]) => {
    const named = await nameActors(
      organizationId,
      made.map(({ createdBy }) => createdBy),
    );
    return made.map((one) => ({ ...one, createdBy: named(one.createdBy) }));
  };
}
