// Texts with {placeholders}.

const PLACEHOLDER = /\{(\w+)\}/;

/**
 * The parts of a text, in the order of its language: what is around the placeholders, and what stands in their places. A
 * value can be anything, for instance an element of a page. A placeholder without a value stays as it is.
 */
export function fill<T>(template: string, values: Readonly<Record<string, T>>): (string | T)[] {
  return template
    .split(PLACEHOLDER)
    .map((part, index) => (index % 2 === 0 ? part : (values[part] ?? `{${part}}`)))
    .filter((part) => part !== '');
}

/** The text with strings in the places of its placeholders. */
export function filled(template: string, values: Readonly<Record<string, string>>): string {
  return fill(template, values).join('');
}
