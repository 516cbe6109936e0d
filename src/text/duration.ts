// How long something takes, in words.
import type { Grammar, PluralText } from './grammar.ts';
import type { FormatWords } from './words/words.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** "1 h 47 min": the two largest units of so many seconds, of which the smaller one is left out where it is none. */
export function durationText(seconds: number, words: FormatWords['duration'], { count }: Grammar): string {
  const whole = Math.max(0, Math.floor(seconds));
  const of = (value: number, text: PluralText) => (value === 0 ? [] : [count(value, text)]);
  if (whole < MINUTE) return count(whole, { other: words.seconds });
  const minutes = of(Math.floor((whole % HOUR) / MINUTE), { other: words.minutes });
  if (whole < DAY) return [...of(Math.floor(whole / HOUR), { other: words.hours }), ...minutes].join(' ');
  const hours = of(Math.floor((whole % DAY) / HOUR), { other: words.hours });
  return [...of(Math.floor(whole / DAY), words.days), ...hours].join(' ');
}
