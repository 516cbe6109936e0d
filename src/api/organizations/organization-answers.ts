// Shared by the routes under /api/organizations: reads an organisation, current or past, and answers with a part of it.
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import { type Organization, showTeam } from '../../../projections/organization.ts';
import {
  findOrganization,
  organizationStream,
  organizationsProjection,
  selectOrganization,
} from '../../../projections/organizations.ts';
import { fold } from '../../../projections/state/projection.ts';
import type { Command } from '../../commands/command.ts';
import { type Asking, isPast, type When } from '../../http/as-of.ts';
import { commandAnswer, entityTag } from '../../http/command-answer.ts';
import type { EntityParts } from '../../http/entity-parts.ts';
import type { OrganizationParams } from '../../http/parameters.ts';
import type { Problem } from '../../http/problem.ts';
import type { Answer, RouteRequest } from '../../http/route.ts';

/** Selects the body of the answer from an organisation; `undefined` if the organisation has no such part. */
type Part = (organization: Organization) => unknown;

export function organizationAnswers({ models, dispatch, asOf }: EntityParts) {
  /** The organisation at that moment, if the viewer may see it today. */
  const organizationAt = async (
    { viewer, payer, turn, signal }: Asking,
    id: string,
    when: When,
  ): Promise<Organization | Problem> => {
    const current = selectOrganization(models.current.organizations, viewer, id);
    if (!current) return unknownOrganization(id);
    if (!isPast(when)) return current;
    const then = await asOf.fold(organizationsProjection, () => [organizationStream(id)], {
      ...when,
      payer,
      turn,
      signal,
    });
    return 'problem' in then ? then : (findOrganization(then.state, id) ?? unknownOrganization(id));
  };

  return {
    /** Answers with a part of the organisation at that moment. */
    async read(asking: Asking, id: string, when: When, part: Part): Promise<Answer> {
      const organization = await organizationAt(asking, id, when);
      return 'problem' in organization ? organization : shown(organization, part);
    },

    /** Runs the command, and answers with the changed part; without `part`, with 204. */
    async changed<I extends OrganizationParams>(
      command: Command<I>,
      input: I,
      { viewer, terms }: Pick<RouteRequest, 'viewer' | 'terms'>,
      part?: Part,
    ): Promise<Answer> {
      return commandAnswer(await dispatch(command, input, terms), viewer, (_events, { organizations }) => {
        const after = findOrganization(organizations, input.organizationId);
        if (!part) return { status: 204 };
        return after ? shown(after, part) : unknownOrganization(input.organizationId);
      });
    },
  };
}

/** The organisation, folded from these events alone. */
export function folded(events: readonly RecordedEvent[], id: string): Organization | undefined {
  return findOrganization(fold(organizationsProjection, events), id);
}

/** Selects a team. */
export function teamOf(id: string): Part {
  return ({ teams }) => {
    const team = teams.get(id);
    return team && showTeam(team);
  };
}

function shown(organization: Organization, part: Part): Answer {
  const body = part(organization);
  if (body === undefined) return { problem: 'not-found', detail: 'The organisation has no such team or member.' };
  return { status: 200, body, etag: entityTag(organization) };
}

function unknownOrganization(id: string): Problem {
  return { problem: 'not-found', detail: `There is no organisation ${id}.` };
}
