// The definition of an event type: schema, audience, and where its free text is.
import type * as z from 'zod';

/** Who may see an event: every viewer that can read the organisation, or its members only. */
export type Audience = 'public' | 'members';

export interface EventDefinition {
  /** Version of the payload's schema, from 1. It grows when the payload's shape changes; old shapes get an upcaster. */
  readonly schema: number;
  readonly audience: Audience;
  readonly data: z.ZodType;
  /**
   * JSON pointers to the members that hold free text, under every name that they ever had: each string at or below them
   * is free text, which a redaction blanks.
   */
  readonly texts: readonly string[];
}
