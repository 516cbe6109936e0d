// What the rows under /api/organizations have in common: an organisation as of then, and the answers that tell of its
// parts.
import type { RecordedEvent } from '../../../projections/events/event-types.ts';
import { type Organization, showTeam } from '../../../projections/organization.ts';
import {
  findOrganization,
  organizationStream,
  organizationsProjection,
  selectOrganization,
} from '../../../projections/organizations.ts';
import { fold } from '../../../projections/state/projection.ts';
import type { Viewer } from '../../../projections/viewer/viewer.ts';
import type { Command } from '../../commands/command.ts';
import type { When } from '../../http/as-of.ts';
import { commandAnswer, entityTag } from '../../http/command-answer.ts';
import type { EntityParts } from '../../http/entity-parts.ts';
import type { OrganizationParams } from '../../http/parameters.ts';
import type { Problem } from '../../http/problem.ts';
import type { Answer, RouteRequest } from '../../http/route.ts';

/** What an answer makes of an organisation; `undefined` where what was asked for is not in it. */
type Part = (organization: Organization) => unknown;

export function organizationAnswers({ models, dispatch, asOf }: EntityParts) {
  /** The organisation as it was, for those who may see it today. */
  const organizationAt = async (viewer: Viewer, id: string, when: When): Promise<Organization | Problem> => {
    const today = selectOrganization(models.current.organizations, viewer, id);
    if (!today) return unknownOrganization(id);
    if (when.at === undefined && when.position === undefined) return today;
    const events = await asOf.events(() => [organizationStream(id)], when);
    return 'problem' in events ? events : (folded(events, id) ?? unknownOrganization(id));
  };

  return {
    /** This part of the organisation as it was. */
    async read(viewer: Viewer, id: string, when: When, part: Part): Promise<Answer> {
      const organization = await organizationAt(viewer, id, when);
      return 'problem' in organization ? organization : shown(organization, part);
    },

    /** What the change left of this part; without one, that it is done. */
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

/** The organisation as these events alone make it. */
export function folded(events: readonly RecordedEvent[], id: string): Organization | undefined {
  return findOrganization(fold(organizationsProjection, events), id);
}

/** A team as it is shown. */
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
