// A badge as JSON, for those who draw it themselves. The format is that of the endpoint badge of shields.io, which takes no
// other members.
import * as z from 'zod';
import type { BadgeText } from './badge-text.ts';
import { BADGE_COLOURS } from './colours.ts';

export const shieldsSchema = z
  .object({
    schemaVersion: z.literal(1),
    label: z.string().describe('What the badge is about'),
    message: z.string().describe('How it is, in a few words'),
    color: z.string().describe('The colour of the status'),
    isError: z.literal(true).exactOptional().describe('There is no such badge'),
  })
  .meta({ id: 'Badge' });

export function shieldsBadge({ name, shape, message }: BadgeText): z.output<typeof shieldsSchema> {
  return { schemaVersion: 1, label: name, message, color: BADGE_COLOURS[shape].light.text };
}
