// Founding an organisation: identity confirms that the person is still signed in, then the log records their organisation.
import type * as z from 'zod';
import { type CommandRequest, type Dispatch, SESSION_ENDED } from '../commands/dispatch.ts';
import type { Dispatched } from '../commands/dispatched.ts';
import { createOrganization, type createOrganizationInput } from '../commands/organizations.ts';
import type { Sessions } from '../identity/sessions.ts';

interface Parts {
  readonly dispatch: Dispatch;
  readonly sessions: Pick<Sessions, 'isStored'>;
}

/** Makes an organisation, whose owner the caller becomes. */
export class FoundOrganization {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async run(input: z.output<typeof createOrganizationInput>, terms: CommandRequest): Promise<Dispatched> {
    const { dispatch, sessions } = this.#parts;
    return (await sessions.isStored(terms.viewer)) ? dispatch(createOrganization, input, terms) : SESSION_ENDED;
  }
}
