// Markdown as a tree of its safe subset. No HTML is read or written: a tag in the text is text.
import { Lexer, type Token, Tokenizer, type Tokens } from 'marked';

/** Part of a line. */
export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'emphasis' | 'strong' | 'deleted'; readonly children: readonly Inline[] }
  /** `url` is absolute; its scheme is https, http or mailto. */
  | { readonly kind: 'link'; readonly url: string; readonly children: readonly Inline[] }
  | { readonly kind: 'break' };

/** Part of a text. A heading is a paragraph in strong letters: headings belong to the page around the text. */
export type Block =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'quote'; readonly children: readonly Block[] }
  | {
      readonly kind: 'list';
      readonly items: readonly (readonly Block[])[];
      /** The number of the first item; only of an ordered list. */
      readonly start?: number;
    }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'rule' };

/** What is nested deeper is text: each level is read once more. */
const MAX_DEPTH = 6;

/**
 * A paragraph with more of these characters is text: what they open is searched for once for each, and again for each
 * that it nests in.
 */
const MARKS = /[\\`*_~[\]<>!@:]/g;
const MAX_MARKS = 200;

/** The text as a tree. The time grows with the length of the text alone, however it nests. */
export function parseMarkdown(text: string): readonly Block[] {
  const tokenizer = new SafeTokenizer();
  return blocksOf(new BoundedLexer({ gfm: true, breaks: true, tokenizer }).lex(text));
}

/** The letters of the tree alone, in one line: for feeds, previews and sentences. */
export function plainText(blocks: readonly Block[]): string {
  return blocks.map(lettersOfBlock).join(' ').replace(/\s+/g, ' ').trim();
}

class BoundedLexer extends Lexer {
  override inlineTokens(source: string, tokens: Token[] = []): Token[] {
    if ((source.match(MARKS)?.length ?? 0) <= MAX_MARKS) return super.inlineTokens(source, tokens);
    tokens.push({ type: 'text', raw: source, text: source });
    return tokens;
  }
}

/** Reads no HTML, no tables and no references; and nothing too deep. */
class SafeTokenizer extends Tokenizer {
  #depth = 0;

  override blockquote(source: string) {
    return this.#nested(() => super.blockquote(source));
  }

  override list(source: string) {
    return this.#nested(() => super.list(source));
  }

  override emStrong(...given: Parameters<Tokenizer['emStrong']>) {
    return this.#nested(() => super.emStrong(...given));
  }

  override del(...given: Parameters<Tokenizer['del']>) {
    return this.#nested(() => super.del(...given));
  }

  override html(): undefined {}

  override tag(): undefined {}

  override table(): undefined {}

  override def(): undefined {}

  override reflink(): undefined {}

  #nested<T>(read: () => T): T | undefined {
    if (this.#depth === MAX_DEPTH) return undefined;
    this.#depth += 1;
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }
}

function blocksOf(tokens: readonly Token[]): Block[] {
  return tokens.flatMap((token) => blockOf(token as BlockToken) ?? []);
}

type BlockToken =
  | Tokens.Paragraph
  | Tokens.Text
  | Tokens.Heading
  | Tokens.Blockquote
  | Tokens.List
  | Tokens.Code
  | Tokens.Hr;

function blockOf(token: BlockToken): Block | undefined {
  switch (token.type) {
    case 'paragraph':
    case 'text':
      return { kind: 'paragraph', children: inlinesOf(token.tokens ?? [token]) };
    case 'heading':
      return { kind: 'paragraph', children: [{ kind: 'strong', children: inlinesOf(token.tokens) }] };
    case 'blockquote':
      return { kind: 'quote', children: blocksOf(token.tokens ?? []) };
    case 'list':
      return listOf(token as Tokens.List);
    case 'code':
      return { kind: 'code', text: token.text };
    case 'hr':
      return { kind: 'rule' };
    default:
      return undefined;
  }
}

function listOf({ items, start }: Tokens.List): Block {
  const shown = items.map(itemOf);
  return start === '' ? { kind: 'list', items: shown } : { kind: 'list', items: shown, start };
}

/** The box of a task is a letter. */
function itemOf({ tokens, task, checked }: Tokens.ListItem): Block[] {
  const blocks = blocksOf(tokens);
  const [first, ...rest] = blocks;
  if (!task || first?.kind !== 'paragraph') return blocks;
  const box: Inline = { kind: 'text', text: checked ? '☑ ' : '☐ ' };
  return [{ ...first, children: [box, ...first.children] }, ...rest];
}

function inlinesOf(tokens: readonly Token[]): Inline[] {
  return tokens.flatMap((token) => inlineOf(token as InlineToken));
}

type InlineToken =
  | Tokens.Text
  | Tokens.Escape
  | Tokens.Codespan
  | Tokens.Em
  | Tokens.Strong
  | Tokens.Del
  | Tokens.Link
  | Tokens.Image
  | Tokens.Br;

function inlineOf(token: InlineToken): Inline | Inline[] {
  switch (token.type) {
    case 'codespan':
      return { kind: 'code', text: token.text };
    case 'em':
      return { kind: 'emphasis', children: inlinesOf(token.tokens ?? []) };
    case 'strong':
      return { kind: 'strong', children: inlinesOf(token.tokens ?? []) };
    case 'del':
      return { kind: 'deleted', children: inlinesOf(token.tokens ?? []) };
    case 'link':
      return linked(token.href, inlinesOf(token.tokens ?? []));
    case 'image':
      return linked(token.href, [{ kind: 'text', text: token.text }]);
    case 'br':
      return { kind: 'break' };
    case 'text':
      return token.tokens ? inlinesOf(token.tokens) : { kind: 'text', text: token.text };
    case 'escape':
      return { kind: 'text', text: token.text };
    default:
      return { kind: 'text', text: (token as Token).raw };
  }
}

/** A link, or only its letters if it leads where no link may. */
function linked(href: string, children: Inline[]): Inline | Inline[] {
  const url = safeUrl(href);
  return url === undefined ? children : { kind: 'link', url, children };
}

const SCHEMES: readonly string[] = ['https:', 'http:', 'mailto:'];

/** The address in its normal form, if a link may lead there: not with a password, which can pass for a host. */
function safeUrl(href: string): string | undefined {
  if (!URL.canParse(href)) return undefined;
  const { protocol, username, password, href: url } = new URL(href);
  return SCHEMES.includes(protocol) && username === '' && password === '' ? url : undefined;
}

function lettersOfBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return block.children.map(lettersOf).join('');
    case 'quote':
      return block.children.map(lettersOfBlock).join(' ');
    case 'list':
      return block.items.flat().map(lettersOfBlock).join(' ');
    case 'code':
      return block.text;
    case 'rule':
      return '';
  }
}

function lettersOf(inline: Inline): string {
  if (inline.kind === 'break') return ' ';
  return 'text' in inline ? inline.text : inline.children.map(lettersOf).join('');
}
