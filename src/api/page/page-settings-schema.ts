// The schema of the settings of a page, and an example of them.
import * as z from 'zod';
import { translations } from '../../../projections/events/translations.ts';
import type { ShownPage } from '../../../projections/pages.ts';
import { labelField } from '../../commands/fields.ts';
import { time } from '../../http/parameters.ts';

const pictureAddress = z.string().nullable().describe('Where the picture can be read');

export const pageSettingsSchema = z
  .object({
    id: labelField.describe('The id of the organisation'),
    organizationId: labelField,
    name: z.string().describe('The name of the organisation, unless the page has one of its own'),
    headline: z.string().exactOptional(),
    description: z.string().exactOptional(),
    links: z.array(z.object({ label: z.string(), url: z.string() })),
    supportUrl: z.string().exactOptional(),
    notice: z.object({ text: z.string(), until: time.exactOptional() }).exactOptional(),
    translations: translations.exactOptional(),
    timeZone: z.string().describe('Where the days of the page begin and end (IANA)'),
    locale: z.string().describe('The main language (BCP 47)'),
    accent: z.string().exactOptional(),
    accentDark: z.string().exactOptional().describe('Derived from the accent at the same hue, if none is set'),
    logo: pictureAddress,
    favicon: pictureAddress,
    historyDays: z.int(),
    showUptime: z.boolean(),
    holdSeconds: z.int(),
    nextUpdateMinutes: z.int(),
    uptimePolicy: z.string(),
    embedHosts: z.array(z.string()).exactOptional().describe('Who may show the page in a frame; absent: anyone'),
    updatedAt: time.exactOptional(),
    version: z.int().min(0),
  })
  .meta({ id: 'PageSettings' }) satisfies z.ZodType<ShownPage>;

export const exampleSettingsInput = {
  headline: 'Files and mail for teams',
  links: [{ label: 'Help', url: 'https://help.example.com/' }],
  timeZone: 'Europe/Berlin',
  accent: '#0a6a59',
};

export const exampleSettings: ShownPage & { name: string } = {
  id: 'default',
  organizationId: 'default',
  name: 'Status',
  headline: exampleSettingsInput.headline,
  links: exampleSettingsInput.links,
  timeZone: exampleSettingsInput.timeZone,
  locale: 'en',
  accent: exampleSettingsInput.accent,
  accentDark: '#3a8d7a',
  logo: null,
  favicon: null,
  historyDays: 14,
  showUptime: true,
  holdSeconds: 20,
  nextUpdateMinutes: 30,
  uptimePolicy: 'statuspage-1',
  updatedAt: '2026-03-01T10:00:00.000Z',
  version: 2,
};
