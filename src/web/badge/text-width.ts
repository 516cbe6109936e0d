// How wide a text is in Verdana of 11 pixels, in which badges are written. A reader without that font sees another one in the
// same width.

/** The widths of the characters from the space on, in tenths of a pixel. */
const WIDTHS = [
  ...[39, 43, 50, 90, 70, 118, 80, 30, 50, 50, 70, 90, 40, 50, 40, 50], // space to slash
  ...[70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 50, 50, 90, 90, 90, 60], // digits to question mark
  ...[110, 75, 75, 77, 85, 70, 63, 85, 83, 46, 50, 76, 61, 93, 82, 87], // at sign to O
  ...[66, 87, 76, 75, 68, 81, 75, 109, 75, 68, 75, 50, 50, 50, 90, 70], // P to underscore
  ...[70, 66, 69, 57, 69, 66, 39, 69, 70, 30, 38, 65, 30, 107, 70, 67], // grave accent to o
  ...[69, 69, 47, 57, 43, 70, 65, 90, 65, 65, 58, 70, 50, 70, 90], // p to tilde
];
const FIRST = 0x20;
/** Of other characters that badges have of their own. */
const OWN: Readonly<Record<string, number>> = { '\u00a0': 39, '·': 40, '…': 90 };
/** Of letters of other alphabets; and from the beginning of those of East Asia on, which fill a square. */
const LETTER = 70;
const SQUARE = { from: 0x1100, width: 110 };

/** In pixels. */
export function textWidth(text: string): number {
  const tenths = [...text].map(widthOf).reduce((sum, width) => sum + width, 0);
  return tenths / 10;
}

/** A letter with an accent is as wide as the letter. */
function widthOf(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  const code = character.normalize('NFD').charCodeAt(0);
  return WIDTHS[code - FIRST] ?? OWN[character] ?? (code < SQUARE.from ? LETTER : SQUARE.width);
}

const segmenter = new Intl.Segmenter();

/** The text in at most this many pixels, with an ellipsis where something is left out. */
export function fittedText(text: string, pixels: number): string {
  if (textWidth(text) <= pixels) return text;
  let kept = '';
  for (const { segment } of segmenter.segment(text)) {
    if (textWidth(`${kept}${segment}…`) > pixels) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}
