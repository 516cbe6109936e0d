// Accents: whether a colour can be read on the page, the nearest that can, and its counterpart on a dark page.

/** A colour as `#rrggbb`, in lower case. */
export type Colour = string;

/** What an accent lies on. Of page and surface, this is the one on which it is harder to read. */
const BACKGROUNDS = { light: '#f6f7f9', dark: '#14171e' } as const;
export type Theme = keyof typeof BACKGROUNDS;

/** The least contrast of text (WCAG 2.2, 1.4.3). */
export const LEAST_CONTRAST = 4.5;

/** How far the lightness of a colour moves in one step. */
const STEP = 0.002;

/** The contrast of the colour on the page and on its surfaces, from 1 to 21 (WCAG 2.2). */
export function contrastOn(theme: Theme, colour: Colour): number {
  const [a, b] = [luminance(linear(colour)), luminance(linear(BACKGROUNDS[theme]))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** The colour itself if it can be read on the page, else the nearest of its hue that can: darker, or lighter in the dark. */
export function readable(theme: Theme, colour: Colour): Colour {
  const towards = theme === 'light' ? -STEP : STEP;
  const { lightness, a, b } = oklab(linear(colour));
  let near = colour;
  for (let steps = 1; contrastOn(theme, near) < LEAST_CONTRAST; steps += 1) {
    near = displayable({ lightness: lightness + steps * towards, a, b });
  }
  return near;
}

/** Red, green and blue, each from 0 to 1 in proportion to its light. */
type Linear = readonly [red: number, green: number, blue: number];

/** A colour as eyes compare it (OKLab): a step of `lightness` looks the same everywhere, and keeps the hue. */
interface Oklab {
  readonly lightness: number;
  readonly a: number;
  readonly b: number;
}

function linear(colour: Colour): Linear {
  const channel = (from: number) => {
    const value = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

function luminance([red, green, blue]: Linear): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function oklab([red, green, blue]: Linear): Oklab {
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return {
    lightness: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    a: 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    b: 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  };
}

function fromOklab({ lightness, a, b }: Oklab): Linear {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** The colour, as vivid as a screen can show it at this lightness and hue. */
function displayable({ lightness, a, b }: Oklab): Colour {
  for (let share = 1; share > 0; share -= 0.02) {
    const channels = fromOklab({ lightness, a: a * share, b: b * share });
    if (channels.every((value) => value > -0.0005 && value < 1.0005)) return hex(channels);
  }
  return hex(fromOklab({ lightness: Math.min(1, Math.max(0, lightness)), a: 0, b: 0 }));
}

function hex(channels: Linear): Colour {
  const written = channels.map((value) => {
    const within = Math.min(1, Math.max(0, value));
    const encoded = within <= 0.0031308 ? within * 12.92 : 1.055 * within ** (1 / 2.4) - 0.055;
    return Math.round(encoded * 255)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${written.join('')}`;
}
