// What those who did something are called: people by identity, keys by the log, and who is gone by what they were.
import type { Actor } from '../../projections/events/event-types.ts';
import { findKey, findOrganization } from '../../projections/organizations.ts';
import type { Accounts } from '../identity/accounts.ts';
import type { ReadModels } from '../read-models/read-models.ts';

interface NamedActor extends Actor {
  readonly name?: string;
}

/** Resolves with what gives each of these actors in an organisation its name. */
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
