// The shape that stands for a status. The shapes are in the sprite of the page.
import type { Shape } from './shapes.ts';

interface Props {
  readonly of: Shape;
  /** Gives the glyph the colour of its status where what is around it has another one. */
  readonly isColoured?: boolean;
}

/** Says nothing to a screen reader: a word stands beside it. */
export function Glyph({ of, isColoured = false }: Props) {
  return (
    <svg class={isColoured ? `glyph ${of}` : 'glyph'} viewBox="0 0 16 16" aria-hidden="true">
      <use href={`#${of}`} />
    </svg>
  );
}
