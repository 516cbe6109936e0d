// What a moment is to the present, in words, and when these words change. No clock, no page.
import { filled } from '../../text/fill.ts';
import { formatsFor } from '../../text/formats.ts';
import { grammarOf } from '../../text/grammar.ts';
import type { ScriptWords } from '../../text/words/words.ts';

/** How long ago it was, how long it has lasted, or how long it takes until it is due. */
export type RelativeKind = 'ago' | 'lasts' | 'due';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Up to here something has just happened. */
const JUST = 45_000;

/**
 * Both in milliseconds since the epoch. Of what is longer ago than a day nothing is said: its date is beside it. What has
 * lasted less than a minute counts as one, because words change by the minute.
 */
export function relativeText(kind: RelativeKind, instant: number, now: number, words: ScriptWords): string {
  if (kind === 'ago') return agoText(now - instant, words);
  if (kind === 'lasts') return durationText(Math.max(now - instant, MINUTE), words);
  return dueText(instant - now, words);
}

function agoText(passed: number, words: ScriptWords): string {
  const { count } = grammarOf(words.locale);
  if (passed < JUST) return words.justNow;
  if (passed < HOUR) return count(Math.max(Math.floor(passed / MINUTE), 1), words.ago.minutes);
  return passed < DAY ? count(Math.floor(passed / HOUR), words.ago.hours) : '';
}

function dueText(left: number, words: ScriptWords): string {
  if (left >= MINUTE) return filled(words.due, { duration: durationText(left, words) });
  if (left > -MINUTE) return words.anyMoment;
  return filled(words.overdue, { duration: durationText(-left, words) });
}

function durationText(milliseconds: number, words: ScriptWords): string {
  return formatsFor(words, 'UTC').duration(Math.floor(milliseconds / 1_000));
}

/** How long until the first of these instants is a whole minute away, in milliseconds: at most a minute. */
export function nextTick(instants: readonly number[], now: number): number {
  const waits = instants.map((instant) => MINUTE - ((((now - instant) % MINUTE) + MINUTE) % MINUTE));
  return Math.max(Math.min(MINUTE, ...waits), 250);
}
