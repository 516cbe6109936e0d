// The route table: every route of the server, in the order of the OpenAPI document.
import { meRoutes } from '../api/accounts/me.ts';
import { sessionRoutes } from '../api/accounts/sessions.ts';
import { incidentRoutes } from '../api/incidents/incidents.ts';
import { templateRoutes } from '../api/incidents/templates.ts';
import { eventExportRoutes } from '../api/log/event-export.ts';
import { eventStreamRoutes } from '../api/log/event-stream.ts';
import { eventRoutes } from '../api/log/events.ts';
import { histogramRoutes } from '../api/log/histogram.ts';
import { redactionRoutes } from '../api/log/redactions.ts';
import { maintenanceRoutes } from '../api/maintenances/maintenances.ts';
import { seriesRoutes } from '../api/maintenances/series.ts';
import { invitationRoutes } from '../api/organizations/invitations.ts';
import { keyRoutes } from '../api/organizations/keys.ts';
import { organizationRoutes } from '../api/organizations/organizations.ts';
import { peopleRoutes } from '../api/organizations/people.ts';
import { roleRoutes } from '../api/organizations/roles.ts';
import { teamRoutes } from '../api/organizations/teams.ts';
import { explainRoutes } from '../api/page/explain.ts';
import { groupRoutes } from '../api/page/groups.ts';
import { historyRoutes } from '../api/page/history.ts';
import { pageRoutes } from '../api/page/page.ts';
import { pageOrderRoutes } from '../api/page/page-order.ts';
import { pageSettingsRoutes } from '../api/page/page-settings.ts';
import { pictureRoutes } from '../api/page/pictures.ts';
import { serviceRoutes } from '../api/page/services.ts';
import { statusRoutes } from '../api/page/status.ts';
import { docsRoutes } from '../api/server/docs.ts';
import { healthRoutes, type Watched } from '../api/server/health.ts';
import { probeRoutes } from '../api/server/probes.ts';
import { correctionRoutes } from '../api/uptime/corrections.ts';
import { uptimeRoutes } from '../api/uptime/uptime.ts';
import type { LoopDelay } from '../bounds/loop-delay.ts';
import type { Places } from '../bounds/places.ts';
import type { DryRun } from '../commands/dispatch.ts';
import { isUnowned as hasNoOwner } from '../commands/setup.ts';
import { createActorNames, type NameActors } from '../http/actor-names.ts';
import type { EntityParts } from '../http/entity-parts.ts';
import { openApiDocument } from '../http/openapi/openapi-document.ts';
import type { Route } from '../http/route.ts';
import type { Identity } from '../identity/identity.ts';
import type { EventLog } from '../log/event-log.ts';
import { rememberingDays } from '../read-models/page-answer.ts';
import type { Gateway } from '../realtime/gateway.ts';
import { realtimeRoutes } from '../realtime/routes.ts';
import { accountPages } from '../web/accounts.ts';
import { webRoutes } from '../web/routes.ts';
import type { Pictures } from '../workflows/pictures.ts';
import type { Workflows } from '../workflows/workflows.ts';
import { LIMITS } from './limits.ts';

/** The parts of a server with `AUTH=required`. */
interface AccountParts {
  readonly identity: Identity;
  readonly workflows: Workflows;
}

export interface RouteParts extends EntityParts {
  readonly preview: DryRun;
  readonly log: EventLog;
  readonly pictures: Pictures;
  /** For how many histograms there is room at once. */
  readonly histograms: Places;
  readonly gateway: Gateway;
  readonly loopDelay: LoopDelay;
  readonly watched: readonly Watched[];
  /** The name of this server among others. */
  readonly node: string;
  /** `undefined` with `AUTH=open`. */
  readonly accounts: AccountParts | undefined;
  readonly now: () => Date;
  /** The directory that `src/` was compiled to, from which pages and assets are found. */
  readonly root: URL;
  /** Whether that is over https. */
  readonly isHttps: boolean;
  /** The origin at which people reach the server, for absolute links. It is known once the server listens. */
  readonly origin: () => string;
  /** Where vulnerabilities are reported. */
  readonly securityContact: string | undefined;
  /** The version of the server. */
  readonly version: string;
}

export function createRoutes(parts: RouteParts): readonly Route[] {
  const {
    log,
    models,
    dispatch,
    preview,
    asOf,
    pictures,
    histograms,
    gateway,
    loopDelay,
    accounts,
    watched,
    node,
    now,
    root,
    origin,
    isHttps,
    securityContact,
    version,
  } = parts;
  const identity = accounts?.identity;
  // The page and its answer as JSON draw the same days.
  const drawPast = rememberingDays();
  const isUnowned = () => identity !== undefined && hasNoOwner(models.current.organizations);
  const nameActors = identity && createActorNames(identity.accounts, models);
  const routes: Route[] = [
    ...healthRoutes({ log, models, loopDelay, watched, node, now }),
    ...probeRoutes(log),
    ...serviceRoutes({ models, dispatch, preview, asOf, listBytes: LIMITS.lists.bytes }),
    ...correctionRoutes({ models, dispatch, preview, asOf, now }),
    ...uptimeRoutes({ models, asOf, now }),
    ...groupRoutes({ models, dispatch, preview, asOf, listBytes: LIMITS.lists.bytes }),
    ...incidentRoutes({ models, dispatch, preview, asOf, listBytes: LIMITS.lists.bytes }),
    ...templateRoutes({ models, dispatch, preview, asOf, listBytes: LIMITS.lists.bytes }),
    ...maintenanceRoutes({ models, dispatch, preview, asOf, listBytes: LIMITS.lists.bytes }),
    ...seriesRoutes({ models, dispatch, preview, asOf, listBytes: LIMITS.lists.bytes }),
    ...pageRoutes({ models, asOf, now, drawPast }),
    ...pageSettingsRoutes({ models, dispatch, asOf }),
    ...pageOrderRoutes({ models, dispatch, asOf }),
    ...pictureRoutes({ models, pictures, bytes: LIMITS.pictures.bytes }),
    ...historyRoutes({ log, models, nameActors }),
    ...(accounts && nameActors ? accountRoutes({ ...parts, ...accounts, nameActors }) : []),
    ...statusRoutes(models, asOf),
    ...explainRoutes({ models, asOf, now }),
    ...eventRoutes(log, models, asOf),
    ...histogramRoutes({ log, models, places: histograms, now }),
    ...redactionRoutes({ log, dispatch, pictures }),
    ...eventStreamRoutes(log),
    ...eventExportRoutes(log),
    ...realtimeRoutes(gateway, now),
    ...docsRoutes(() => openApiDocument(routes, { version, sessionCookie: identity?.cookie.name }), root),
    ...webRoutes(
      {
        ...{ models, asOf, now, drawPast, origin, logId: () => log.origin, isHttps, securityContact },
        ...{ canSignIn: identity !== undefined, isUnowned },
      },
      root,
    ),
  ];
  return routes;
}

/** The routes that exist only with `AUTH=required`. */
function accountRoutes({
  identity,
  workflows,
  models,
  dispatch,
  asOf,
  nameActors,
  now,
}: RouteParts & AccountParts & { readonly nameActors: NameActors }): readonly Route[] {
  return [
    ...sessionRoutes(identity, workflows),
    ...meRoutes(identity, workflows),
    ...organizationRoutes({ models, dispatch, asOf, found: workflows.found }),
    ...teamRoutes({ models, dispatch, asOf }),
    ...roleRoutes({ models, dispatch, asOf }),
    ...peopleRoutes(identity.accounts, models),
    ...invitationRoutes({ identity, workflows, models, dispatch, nameActors, now }),
    ...keyRoutes({ identity, workflows, models, dispatch, nameActors }),
    ...accountPages(),
  ];
}
