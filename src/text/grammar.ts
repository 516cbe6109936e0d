// What each language has of its own in sentences: plurals, numbers and lists, by Intl.

/** A text a plural form; `{n}` stands for the number. Languages with more forms than English name them too. */
export type PluralText = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }>;

export interface Grammar {
  /** The text for this number, with the number in it. */
  count(count: number, text: PluralText): string;
  /** With a narrow no-break space between groups of digits. */
  number(value: number): string;
  /** "A, B and C". */
  list(items: readonly string[]): string;
}

/** Most numbers of a page are below this: they are remembered. */
const SMALL = 1_000;
const GROUP_SPACE = '\u202f';

export function grammarOf(locale: string): Grammar {
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  const small: string[] = [];
  const write = (value: number) =>
    numbers
      .formatToParts(value)
      .map((part) => (part.type === 'group' ? GROUP_SPACE : part.value))
      .join('');
  const number = (value: number) => {
    if (!Number.isInteger(value) || value < 0 || value >= SMALL) return write(value);
    small[value] ??= write(value);
    return small[value];
  };
  return {
    count: (count, text) => (text[plurals.select(count)] ?? text.other).replace('{n}', number(count)),
    number,
    list: (items) => lists.format(items),
  };
}
