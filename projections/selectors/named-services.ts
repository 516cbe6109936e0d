// Services by their names in the reader's language, as pages name them beside incidents and maintenances.
import type { ServiceStatus } from '../events/severity.ts';
import { showService } from '../service.ts';
import { type ServicesState, selectService } from '../services.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { inLanguage } from './localized.ts';
import type { PageAsked } from './page-frame.ts';

export interface NamedService {
  readonly id: string;
  readonly name: string;
  /** Its shown status. */
  readonly status: ServiceStatus;
}

/** The services with these ids that the viewer may see: one that was deleted has no name any more. */
export function namedServices(
  { services }: { readonly services: ServicesState },
  viewer: Viewer,
  { organizationId, language, hidden }: PageAsked,
  ids: readonly string[],
): NamedService[] {
  return ids.flatMap((id) => {
    const service = hidden?.has(id) ? undefined : selectService(services, viewer, id);
    if (service?.organizationId !== organizationId) return [];
    const { name, status } = inLanguage(showService(service), language);
    return [{ id, name, status }];
  });
}
