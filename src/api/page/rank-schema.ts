// The schema of a rank in answers.
import * as z from 'zod';

/** Where something stands among its siblings. */
export const rank = z
  .string()
  .nullable()
  .meta({ description: 'Ascending by code units; `null` comes last, and so does equal, by creation' });
