// The blank: what stands in place of text that should never have been published.

export const BLANK = '[redacted]';

/** The same with these members blanked, as far as it has them: a text, or each text of an array. */
export function blankMembers<T extends object>(whole: T, members: readonly string[]): T {
  const blanked = Object.entries(whole)
    .filter(([member]) => members.includes(member))
    .map(([member, value]) => [member, Array.isArray(value) ? value.map(() => BLANK) : BLANK]);
  return { ...whole, ...Object.fromEntries(blanked) };
}
