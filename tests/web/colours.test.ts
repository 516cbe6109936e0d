// The colours of the states, as the stylesheet defines them: a reader who sees fewer colours tells the bars of strips apart.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ROOT } from '../support/root.ts';

type Colour = readonly [number, number, number];

const TOKENS = readFileSync(new URL('../../src/web/styles/tokens.css', ROOT), 'utf8');
const STATES = ['operational', 'maintenance', 'degraded', 'partial', 'major'];

/** Red, green and blue from 0 to 1, linear, in the light and in the dark. */
function barOf(state: string): readonly [Colour, Colour] {
  const pair = new RegExp(`--${state}-bar: light-dark\\((#\\w{6}), (#\\w{6})\\);`).exec(TOKENS);
  return [linear(pair?.[1] ?? ''), linear(pair?.[2] ?? '')];
}

function linear(hex: string): Colour {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

/** How people without one kind of cones see: Viénot 1999 (protan, deutan), Machado 2009 (tritan). */
const SIGHTS: Readonly<Record<string, (colour: Colour) => Colour>> = {
  normal: (colour) => colour,
  protan: ([r, g, b]) => {
    const yellow = 0.11238 * r + 0.88762 * g;
    return [yellow, yellow, 0.00401 * r - 0.00401 * g + b];
  },
  deutan: ([r, g, b]) => {
    const yellow = 0.29275 * r + 0.70725 * g;
    return [yellow, yellow, -0.02234 * r + 0.02234 * g + b];
  },
  tritan: ([r, g, b]) => [
    1.255528 * r - 0.076749 * g - 0.178779 * b,
    -0.078411 * r + 0.930809 * g + 0.147602 * b,
    0.004733 * r + 0.691367 * g + 0.3039 * b,
  ],
};

/** In OKLab, where equal distances look equally far. */
function perceived(colour: Colour): Colour {
  const [r, g, b] = colour.map((channel) => Math.max(0, channel)) as unknown as Colour;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

test.each(Object.entries(SIGHTS))('no two bars are nearer than 9 to each other in %s sight', (_name, seen) => {
  for (const theme of [0, 1] as const) {
    const bars = STATES.map((state) => ({ state, place: perceived(seen(barOf(state)[theme])) }));
    const near = bars.flatMap((one, index) =>
      bars.slice(index + 1).flatMap((other) => {
        const distance = 100 * Math.hypot(...one.place.map((value, axis) => value - (other.place[axis] ?? 0)));
        return distance >= 9 ? [] : [`${one.state}, ${other.state}: ${distance.toFixed(1)}`];
      }),
    );
    expect([theme, near]).toEqual([theme, []]);
  }
});

test('there is a colour for each state', () => {
  for (const state of STATES) expect(barOf(state).flat().every(Number.isFinite)).toBe(true);
});
