// The command that changes the settings of a page: its words and its options.
import * as z from 'zod';
import { contrastOn, LEAST_CONTRAST, readable, type Theme } from '../../projections/colours/accent.ts';
import { findPage, pageStream, type StatusPage } from '../../projections/pages.ts';
import { UPTIME_POLICIES } from '../../projections/uptime/policies.ts';
import { acceptChanges, type Change, type Command, type Rejection, reject } from './command.ts';
import { changedMembers, nameField, refuseNonMember, refusePast, textField } from './fields.ts';
import { timeField } from './times.ts';
import { translationsField, withTranslations } from './translations.ts';
import { timeZoneField } from './wall-clocks.ts';

const urlField = (...schemes: readonly string[]) =>
  z
    .string()
    .max(2_000)
    .refine((text) => isUrl(text, schemes), `must be an address that begins with ${schemes.join(', ')}`);

function isUrl(text: string, schemes: readonly string[]): boolean {
  if (!URL.canParse(text) || !/^[!-~]+$/.test(text)) return false;
  const { protocol, username, password } = new URL(text);
  return schemes.includes(protocol) && username === '' && password === '';
}

const linkField = urlField('https:', 'http:', 'mailto:');

const originField = z
  .string()
  .max(300)
  .refine((text) => isUrl(text, ['https:', 'http:']) && new URL(text).origin === text, {
    error: 'must be an origin, like https://www.example.com',
  });

const colourField = z
  .string()
  .toLowerCase()
  .regex(/^#[0-9a-f]{6}$/, 'must be a colour, like #1d2433');

export const localeField = z
  .string()
  .max(64)
  .transform((tag, { addIssue }): string => {
    const [canonical] = canonicalLocales(tag);
    if (canonical !== undefined) return canonical;
    addIssue({ code: 'custom', message: 'must be a language tag, like en' });
    return z.NEVER;
  });

function canonicalLocales(tag: string): readonly string[] {
  try {
    return Intl.getCanonicalLocales(tag);
  } catch {
    return [];
  }
}

const noticeField = z.strictObject({
  text: textField,
  until: timeField.exactOptional().describe('When readers no longer see it'),
});

/** What is sent as null is gone again, or has its default. */
export const pageSettingsInput = z.object({
  name: nameField.nullable().exactOptional().describe('Null: the name of the organisation'),
  headline: nameField.nullable().exactOptional().describe('A line beside the name'),
  description: textField.nullable().exactOptional(),
  links: z
    .array(z.strictObject({ label: nameField, url: linkField }))
    .max(20)
    .exactOptional(),
  supportUrl: linkField.nullable().exactOptional(),
  notice: noticeField.nullable().exactOptional().describe('A line above everything, which is no incident'),
  translations: translationsField({
    name: nameField,
    headline: nameField,
    description: textField,
    notice: textField,
  }).exactOptional(),
  timeZone: timeZoneField.exactOptional().describe('Where the days of the page begin and end (IANA)'),
  locale: localeField.exactOptional().describe('The main language (BCP 47)'),
  accent: colourField.nullable().exactOptional().describe('Of buttons and links on a light page'),
  accentDark: colourField.nullable().exactOptional().describe('Null: derived from the accent at the same hue'),
  historyDays: z.int().min(1).max(90).exactOptional().describe('How many days the past of the page has'),
  showUptime: z.boolean().exactOptional(),
  holdSeconds: z
    .int()
    .min(0)
    .max(600)
    .exactOptional()
    .describe('How long an announcement can be taken back before anybody is told'),
  nextUpdateMinutes: z
    .int()
    .min(1)
    .max(10_080)
    .exactOptional()
    .describe('After how long the next update of an incident is promised'),
  uptimePolicy: z.enum(UPTIME_POLICIES).exactOptional(),
  embedHosts: z
    .array(originField)
    .max(50)
    .nullable()
    .exactOptional()
    .describe('Origins that may show the page in a frame; null: all'),
});

type PageSettings = z.output<typeof pageSettingsInput> & { readonly organizationId: string };

export const changePageSettings: Command<PageSettings> = {
  stream: ({ organizationId }) => pageStream(organizationId),
  decide({ organizationId, ...settings }, { pages }, { viewer, now }) {
    const page = findPage(pages, organizationId);
    const refusal =
      refuseNonMember(viewer, page) ??
      refuseFaint('light', '/accent', settings.accent) ??
      refuseFaint('dark', '/accentDark', settings.accentDark) ??
      refusePast(settings.notice?.until, now, '/notice/until');
    if (refusal) return refusal;
    return acceptChanges(page, { stream: pageStream(organizationId), role: 'admin' }, changesOf(page, settings));
  },
};

function changesOf(page: StatusPage, { translations, ...settings }: Omit<PageSettings, 'organizationId'>): Change[] {
  const { name, headline, description, links, supportUrl, notice, ...options } = settings;
  const words = changedMembers<Partial<StatusPage>>(page, { name, headline, description, links, supportUrl, notice });
  const described = withTranslations(words, page.translations, translations);
  const configured = changedMembers<Partial<StatusPage>>(page, options);
  return [
    ...(described ? [{ type: 'page.described', data: described } as Change] : []),
    ...(configured ? [{ type: 'page.configured', data: configured } as Change] : []),
  ];
}

/** Rejects a colour that is hard to read, and names the nearest that is not. */
function refuseFaint(theme: Theme, pointer: string, colour: string | null | undefined): Rejection | undefined {
  if (colour === null || colour === undefined) return undefined;
  const contrast = contrastOn(theme, colour);
  if (contrast >= LEAST_CONTRAST) return undefined;
  const shown = Math.floor(contrast * 100) / 100;
  const sentence = `${colour} has a contrast of ${shown} : 1 on the ${theme} page; it needs ${LEAST_CONTRAST} : 1`;
  return reject('faint-colour', `${sentence}. The nearest that has it is ${readable(theme, colour)}.`, pointer);
}
