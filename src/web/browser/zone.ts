// By which clock the reader reads: the reader's own, the organisation's, or UTC.
import { keep, kept } from './reader.ts';

export const ZONE_CHOICES = ['own', 'organization', 'utc'] as const;

export type ZoneChoice = (typeof ZONE_CHOICES)[number];

const KEY = 'zone';

export function chosenZone(): ZoneChoice {
  const choice = kept(KEY);
  return ZONE_CHOICES.find((known) => known === choice) ?? 'own';
}

export function chooseZone(choice: string): void {
  keep(KEY, choice);
}

/** IANA. */
export function organizationZone(): string {
  return document.body.dataset.zone ?? 'UTC';
}

/** IANA. */
export function readerZone(): string {
  return zoneOf(chosenZone());
}

/** IANA. */
export function zoneOf(choice: ZoneChoice): string {
  if (choice === 'organization') return organizationZone();
  return choice === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
}
