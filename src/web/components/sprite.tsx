// The shapes of all statuses, once a page: every glyph refers to one of them.
import { SHAPES } from './shapes.ts';

export function Sprite() {
  return (
    <svg class="sprite" aria-hidden="true">
      {Object.entries(SHAPES).map(([name, parts]) => (
        <symbol key={name} id={name} viewBox="0 0 16 16">
          {parts.map(({ drawn, path, dashes }) => (
            <path key={path} class={drawn === 'filled' ? undefined : drawn} d={path} stroke-dasharray={dashes} />
          ))}
        </symbol>
      ))}
    </svg>
  );
}
