// The shape of each status, so that nobody needs its colour: what it is made of, for all that draw it.
import type { ServiceStatus } from '../../../projections/events/severity.ts';

/** A status, or `unknown` where there is none. */
export type Shape = ServiceStatus | 'unknown';

/** A path in a square of 16, and how it is drawn: filled, cut out of that as a line or as an area, or a line itself. */
export interface ShapePart {
  readonly drawn: 'filled' | 'cut' | 'cut-fill' | 'line';
  readonly path: string;
  readonly dashes?: string;
}

export const SHAPES: Readonly<Record<Shape, readonly [ShapePart, ShapePart]>> = {
  operational: [
    { drawn: 'filled', path: 'M.5 8a7.5 7.5 0 1 1 15 0 7.5 7.5 0 0 1-15 0Z' },
    { drawn: 'cut', path: 'M4.7 8.3 7 10.6l4.4-5' },
  ],
  maintenance: [
    {
      drawn: 'filled',
      path: 'M4.2.8h7.6a3.4 3.4 0 0 1 3.4 3.4v7.6a3.4 3.4 0 0 1-3.4 3.4H4.2a3.4 3.4 0 0 1-3.4-3.4V4.2A3.4 3.4 0 0 1 4.2.8Z',
    },
    {
      drawn: 'cut-fill',
      path: 'M12.3 5.1 10.4 7 9 5.6l1.9-1.9a3 3 0 0 0-3.9 3.7L3.7 10.7a1.15 1.15 0 0 0 1.6 1.6L8.6 9a3 3 0 0 0 3.7-3.9Z',
    },
  ],
  degraded: [
    { drawn: 'filled', path: 'M6.5 1.6a1.75 1.75 0 0 1 3 0l6 10.4a1.75 1.75 0 0 1-1.5 2.6H2A1.75 1.75 0 0 1 .5 12Z' },
    { drawn: 'cut', path: 'M8 5.6v3.6M8 11.9v.01' },
  ],
  partial: [
    {
      drawn: 'filled',
      path: 'M6.8.7a1.7 1.7 0 0 1 2.4 0l6.1 6.1a1.7 1.7 0 0 1 0 2.4l-6.1 6.1a1.7 1.7 0 0 1-2.4 0L.7 9.2a1.7 1.7 0 0 1 0-2.4Z',
    },
    { drawn: 'cut', path: 'M5 8h6' },
  ],
  major: [
    { drawn: 'filled', path: 'M5 .6h6L15.4 5v6L11 15.4H5L.6 11V5Z' },
    { drawn: 'cut', path: 'm5.5 5.5 5 5m0-5-5 5' },
  ],
  unknown: [
    { drawn: 'line', path: 'M1.3 8a6.7 6.7 0 1 1 13.4 0A6.7 6.7 0 0 1 1.3 8Z', dashes: '2.6 1.6' },
    { drawn: 'line', path: 'M6.2 6.3a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.8.6-.8 1.1M8 11.2v.01' },
  ],
};
