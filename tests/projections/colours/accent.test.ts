// Accents: what can be read, and the nearest of the same hue that can.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contrastOn, LEAST_CONTRAST, readable, type Theme } from '../../../projections/colours/accent.ts';

test.each<[Theme, string, number]>([
  ['light', '#000000', 19.59],
  ['light', '#f6f7f9', 1],
  ['light', '#ffcc00', 1.41],
  ['dark', '#ffffff', 17.93],
  ['dark', '#14171e', 1],
])('on the %s page %s has a contrast of %d', (theme, colour, contrast) => {
  expect(contrastOn(theme, colour)).toBeCloseTo(contrast, 2);
});

describe('the nearest colour that can be read', () => {
  const colours = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

  test.each<Theme>(['light', 'dark'])('is the colour itself or one that just passes, on the %s page', (theme) => {
    fc.assert(
      fc.property(colours, (colour) => {
        const near = readable(theme, colour);
        const [had, has] = [contrastOn(theme, colour), contrastOn(theme, near)];
        expect(near).toMatch(/^#[0-9a-f]{6}$/);
        if (had >= LEAST_CONTRAST) expect(near).toBe(colour);
        else {
          expect(has).toBeGreaterThanOrEqual(LEAST_CONTRAST);
          expect(has).toBeLessThan(LEAST_CONTRAST + 0.5);
        }
      }),
      { numRuns: 500 },
    );
  });

  test.each<[Theme, string, hue: 'red' | 'green' | 'blue']>([
    ['dark', '#0a6a59', 'green'],
    ['dark', '#1d4ed8', 'blue'],
    ['dark', '#8f0d2c', 'red'],
    ['light', '#7fe3ff', 'blue'],
    ['light', '#ff9090', 'red'],
  ])('keeps its hue: on the %s page %s stays %s', (theme, colour, hue) => {
    const near = readable(theme, colour);
    const channels = { red: near.slice(1, 3), green: near.slice(3, 5), blue: near.slice(5, 7) };
    expect(Object.values(channels).sort().at(-1)).toBe(channels[hue]);
    expect(Math.abs(hueOf(near) - hueOf(colour))).toBeLessThan(25);
  });
});

/** In degrees of the colour circle of HSL. */
function hueOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => Number.parseInt(colour.slice(from, from + 2), 16));
  return (Math.atan2(Math.sqrt(3) * (green - blue), 2 * red - green - blue) * 180) / Math.PI;
}
