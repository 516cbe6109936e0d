// Issuing an API key: the log records the key, then identity makes its secret.
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { ApiKey } from '../../projections/organization.ts';
import { findKey, findOrganization } from '../../projections/organizations.ts';
import type { CommandRequest, Dispatch } from '../commands/dispatch.ts';
import type { Failure } from '../commands/dispatched.ts';
import { createKey, type NewKey } from '../commands/keys.ts';
import type { ApiKeys } from '../identity/api-keys.ts';

interface Parts {
  readonly dispatch: Dispatch;
  readonly keys: ApiKeys;
}

interface KeyIssued {
  readonly kind: 'issued';
  readonly organizationId: string;
  readonly key: ApiKey;
  /**
   * The text of the key, with its secret. `undefined` if an earlier request received it, or if the key is already
   * revoked.
   */
  readonly text: string | undefined;
}

/** Makes an API key with its secret. */
export class IssueKey {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async run(input: NewKey, terms: CommandRequest): Promise<KeyIssued | Failure> {
    const { dispatch, keys } = this.#parts;
    const created = await dispatch(createKey, input, terms);
    if (created.kind !== 'done') return created;
    const { organizationId, ...key } = keyIn(created.events);
    const exists = findKey(findOrganization(created.models.organizations, organizationId), key.id) !== undefined;
    const text = exists ? await keys.issue({ id: key.id, organizationId }) : undefined;
    return { kind: 'issued', organizationId, key, text };
  }
}

function keyIn(events: readonly RecordedEvent[]): ApiKey & { readonly organizationId: string } {
  const event = events.find((candidate) => candidate.type === 'organization.key-created');
  if (!event) throw new Error('The commit of a new key does not contain its event.');
  const { keyId: id, ...data } = event.data;
  const { recordedAt: createdAt, organizationId, meta } = event;
  return { id, ...data, createdAt, createdBy: meta.actor, organizationId };
}
