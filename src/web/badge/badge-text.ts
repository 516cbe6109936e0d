// What a badge says, in one language. Picture and JSON are made from it, so that they say the same.
import type { Badge } from '../../../projections/selectors/badge.ts';
import { cutText } from '../../text/cut-text.ts';
import { formatsFor } from '../../text/formats.ts';
import { headlineTitle } from '../../text/headline.ts';
import type { Words } from '../../text/words/words.ts';
import type { Shape } from '../components/shapes.ts';

export interface BadgeText {
  readonly name: string;
  readonly shape: Shape;
  /** The status in a word, with the figure of the uptime if there is one. */
  readonly word: string;
  /** The same, or the headline in a few words: "2 services degraded". */
  readonly message: string;
  /** BCP 47. */
  readonly language: string;
}

/** Longer messages are cut. */
const LONGEST_MESSAGE = 70;

export function badgeText({ name, status, headline, uptime90 }: Badge, words: Words): BadgeText {
  const figure = uptime90 === null ? [] : [formatsFor(words, 'UTC').percent(uptime90)];
  const word = [words.status[status ?? 'none'], ...figure].join(' · ');
  const short = headline ? cutText(headlineTitle(headline, words), LONGEST_MESSAGE) : '';
  return { name, shape: status ?? 'unknown', word, message: short || word, language: words.language };
}

/** The badge of what there is not, or of what the viewer may not see: the same for both. */
export function unknownBadge(words: Words): BadgeText {
  const { unknown } = words.badge;
  return { name: words.frame.status, shape: 'unknown', word: unknown, message: unknown, language: words.language };
}
