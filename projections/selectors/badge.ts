// What a badge tells of an organisation or of one of its services: the name, the status, and the figure of its uptime.
import type { ServiceStatus } from '../events/severity.ts';
import { findPage } from '../pages.ts';
import type { ShownService } from '../service.ts';
import { uptimeSettings, uptimeTermsOfDays, validUntil } from '../uptime-figures.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { selectDays } from './days.ts';
import type { Headline } from './headline.ts';
import { type PageAsked, type PageModels, selectFrame } from './page-frame.ts';
import { selectShownService } from './shown-service.ts';
import { type PageMoment, STRIP_DAYS } from './status-page.ts';

export interface Badge {
  readonly name: string;
  /** `null` where nothing is listed. */
  readonly status: ServiceStatus | null;
  /** Of the organisation; `null` for a service. */
  readonly headline: Headline | null;
  /** Of a service, where it was asked for and is shown. */
  readonly uptime90: number | null;
  /** RFC 3339: when time alone changes it; `null` if it never does. */
  readonly validUntil: string | null;
}

export interface BadgeAsked extends PageAsked {
  /** Without it, the organisation is meant. */
  readonly serviceId?: string | undefined;
  readonly withUptime?: boolean;
}

/** `undefined` if the organisation has no such service that the viewer may see. Whether they may see it is not checked. */
export function selectBadge(
  models: PageModels,
  viewer: Viewer,
  asked: BadgeAsked,
  moment: PageMoment,
): Badge | undefined {
  const { organizationId, serviceId, language } = asked;
  const timeless = { uptime90: null, validUntil: null };
  if (serviceId === undefined) {
    const { settings, headline } = selectFrame(models, viewer, asked);
    const status = headline.kind === 'nothing' ? null : headline.status;
    return { name: settings.name, status, headline, ...timeless };
  }
  const service = selectShownService(models, viewer, { organizationId, language, id: serviceId });
  if (!service) return undefined;
  const figure = asked.withUptime ? uptimeOf(models, { ...service, organizationId }, moment) : timeless;
  return { name: service.name, status: service.status, headline: null, ...figure };
}

function uptimeOf(
  models: PageModels,
  { id, organizationId, status, showUptime }: ShownService & { readonly organizationId: string },
  { drawPast, ...moment }: PageMoment,
): Pick<Badge, 'uptime90' | 'validUntil'> {
  const time = models.uptime.services.get(id);
  const terms = uptimeTermsOfDays(STRIP_DAYS, uptimeSettings(models, organizationId), moment);
  const isShown = showUptime && findPage(models.pages, organizationId).showUptime;
  return {
    uptime90: time && isShown ? selectDays(time, terms, drawPast).uptime90 : null,
    validUntil: validUntil(terms, status === 'operational'),
  };
}
