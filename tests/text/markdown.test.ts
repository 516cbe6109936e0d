// Markdown: what the safe subset becomes, and what hostile text does not.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Block, type Inline, parseMarkdown, plainText } from '../../src/text/markdown.ts';

const text = (words: string): Inline => ({ kind: 'text', text: words });
const paragraph = (...children: Inline[]): Block => ({ kind: 'paragraph', children });
const link = (url: string, words: string): Inline => ({ kind: 'link', url, children: [text(words)] });

const MEANINGS: readonly (readonly [markdown: string, ...blocks: Block[]])[] = [
  ['One.\n\nTwo.', paragraph(text('One.')), paragraph(text('Two.'))],
  ['one\ntwo', paragraph(text('one'), { kind: 'break' }, text('two'))],
  [
    '*a* **b** ~~c~~ `d *e*`',
    paragraph(
      { kind: 'emphasis', children: [text('a')] },
      text(' '),
      { kind: 'strong', children: [text('b')] },
      text(' '),
      { kind: 'deleted', children: [text('c')] },
      text(' '),
      { kind: 'code', text: 'd *e*' },
    ),
  ],
  ['snake_case_name 2 * 3 * 4', paragraph(text('snake_case_name 2 * 3 * 4'))],
  ['# Cause', paragraph({ kind: 'strong', children: [text('Cause')] })],
  ['> said', { kind: 'quote', children: [paragraph(text('said'))] }],
  ['- a\n- b', { kind: 'list', items: [[paragraph(text('a'))], [paragraph(text('b'))]] }],
  ['- [x] a', { kind: 'list', items: [[paragraph(text('☑ '), text('a'))]] }],
  ['3. a', { kind: 'list', items: [[paragraph(text('a'))]], start: 3 }],
  ['```sh\nls <dir>\n```', { kind: 'code', text: 'ls <dir>' }],
  ['a\n\n---', paragraph(text('a')), { kind: 'rule' }],
  ['[a](https://x.example/b)', paragraph(link('https://x.example/b', 'a'))],
  ['https://x.example/b', paragraph(link('https://x.example/b', 'https://x.example/b'))],
  ['<mailto:a@x.example>', paragraph(link('mailto:a@x.example', 'mailto:a@x.example'))],
  ['![chart](https://x.example/c.png)', paragraph(link('https://x.example/c.png', 'chart'))],
  ['\\*a\\*', paragraph(text('*'), text('a'), text('*'))],
  ['', ...[]],
];

test.each(MEANINGS)('%j', (markdown, ...blocks) => {
  expect(parseMarkdown(markdown)).toEqual(blocks);
});

describe('what no reader may get', () => {
  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    'a <b onmouseover="x">b</b>',
    '<!-- hidden -->',
    '<svg/onload=alert(1)>\n\ntext\n\n</svg>',
    '<a href="https://x.example">a</a>',
    '| a | b |\n|---|---|\n| 1 | 2 |',
  ])('%j is shown as it was written', (written) => {
    expect(plainText(parseMarkdown(written))).toBe(written.replace(/\s+/g, ' '));
  });

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java%0Ascript:alert(1)',
    '&#106;avascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '//x.example',
    '/console',
    'https://bank.example@x.example/',
    'https://a:b@x.example/',
  ])('a link to %s is its letters', (href) => {
    expect(parseMarkdown(`[a](${href})`)).toEqual([paragraph(text('a'))]);
    expect(parseMarkdown(`[a](<${href}>)`)).toEqual([paragraph(text('a'))]);
  });

  test('a reference defines nothing', () => {
    expect(plainText(parseMarkdown('[a][b]\n\n[b]: https://x.example'))).toBe('[a][b] [b]: https://x.example');
  });
});

describe('hostile text of 10,000 characters', () => {
  const long = (part: string) => part.repeat(Math.ceil(10_000 / part.length)).slice(0, 10_000);
  const stairs = (step: string, last: string) =>
    Array.from({ length: 200 }, (_, depth) => `${step.repeat(depth)}${last}`)
      .join('\n')
      .slice(0, 10_000);
  const HOSTILE = [
    ...['[', '![', '[a](', '[a](<', '[](', '*', '**a ', '*a_b ', 'a**b', '_a ', '~~a ', '`', '\\', '<', '<a ', '<!--'],
    ...[
      '> ',
      '>',
      '- ',
      '1. ',
      '- > ',
      '- a\n',
      '* a\n  ',
      'a@',
      'www.',
      'http://a',
      '|',
      'a|b\n-|-\n',
      '=\n',
      '&',
      '\t',
    ],
  ].map(long);
  HOSTILE.push('*a '.repeat(1_600) + ' a*'.repeat(1_600), '['.repeat(5_000) + ']'.repeat(5_000));
  HOSTILE.push(stairs('  ', '- a'), stairs('>', ' a'), stairs('`', 'a'), stairs(' ', '1. > a'));
  // Each paragraph, or item, has as many marks as are read, and as many letters as the text has room for.
  HOSTILE.push(
    long(`${'*a '.repeat(100)}${'b '.repeat(100)}${' a*'.repeat(100)}\n\n`),
    long(`- ${'*a '.repeat(99)}\n`),
  );
  HOSTILE.push(`${'*a '.repeat(100)}${'b '.repeat(4_700)}${' a*'.repeat(100)}`);

  test.each(HOSTILE.map((written) => [written.slice(0, 12), written]))('%j …', (_, written) => {
    const blocks = parseMarkdown(written);
    expect(depthOf(blocks)).toBeLessThan(250);
  });
});

/** How many levels the tree has. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test('any text becomes a tree of the subset, whose links are safe, and no word is lost', () => {
  const kinds = new Set([
    'paragraph',
    'quote',
    'list',
    'code',
    'rule',
    'text',
    'emphasis',
    'strong',
    'deleted',
    'link',
  ]);
  kinds.add('break');
  const part = fc.constantFrom(
    ...'*_~`[]()<>#->|\\!&:/ \n\t'.split(''),
    'https://x.example',
    'javascript:a',
    '1. ',
    'word',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
      const blocks = parseMarkdown(parts.join(''));
      const checked = JSON.parse(JSON.stringify(blocks), (key, value) => {
        if (key === 'kind') expect(kinds).toContain(value);
        if (key === 'url') expect(value).toMatch(/^(https?|mailto):/);
        return value;
      });
      expect(checked).toEqual(blocks);
      const words = (whole: string) => whole.split('word').length;
      expect(words(plainText(blocks))).toBeLessThanOrEqual(words(parts.join('')));
    }),
    { numRuns: 300 },
  );
});
