// Texts in other languages, as events hold them and as entities show them.
import * as z from 'zod';

/** By language tag (BCP 47), then by the member that holds the text in the main language: the text in that language. */
export const translations = z.record(z.string(), z.record(z.string(), z.string()).readonly()).readonly();

export type Translations = z.infer<typeof translations>;
