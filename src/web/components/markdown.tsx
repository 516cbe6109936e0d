// A text in Markdown as elements. No HTML of the text becomes HTML of the page.
import { type Block, type Inline, parseMarkdown } from '../../text/markdown.ts';

interface Props {
  readonly text: string;
}

export function Markdown({ text }: Props) {
  return <>{parseMarkdown(text).map(block)}</>;
}

function block(part: Block) {
  switch (part.kind) {
    case 'paragraph':
      return <p>{part.children.map(inline)}</p>;
    case 'quote':
      return <blockquote>{part.children.map(block)}</blockquote>;
    case 'list':
      return part.start === undefined ? (
        <ul>{part.items.map(item)}</ul>
      ) : (
        <ol start={part.start}>{part.items.map(item)}</ol>
      );
    case 'code':
      return (
        <pre>
          <code>{part.text}</code>
        </pre>
      );
    case 'rule':
      return <hr />;
  }
}

function item(blocks: readonly Block[]) {
  return <li>{blocks.map(block)}</li>;
}

function inline(part: Inline) {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'code':
      return <code>{part.text}</code>;
    case 'emphasis':
      return <em>{part.children.map(inline)}</em>;
    case 'strong':
      return <strong>{part.children.map(inline)}</strong>;
    case 'deleted':
      return <del>{part.children.map(inline)}</del>;
    case 'link':
      return (
        <a href={part.url} rel="nofollow noopener ugc">
          {part.children.map(inline)}
        </a>
      );
    case 'break':
      return <br />;
  }
}
