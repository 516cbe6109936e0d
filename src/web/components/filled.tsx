// A text of the catalogue with elements in place of its {placeholders}.
import type { ComponentChildren } from 'preact';
import type { TextTemplate } from '../../text/words/words.ts';

interface Props {
  readonly template: TextTemplate;
  readonly with: Readonly<Record<string, ComponentChildren>>;
}

export function Filled({ template, with: parts }: Props) {
  // Every second piece is the name of a placeholder.
  const pieces = template.split(/\{(\w+)\}/);
  return <>{pieces.map((piece, index) => (index % 2 === 0 ? piece : parts[piece]))}</>;
}
