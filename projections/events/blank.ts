// The placeholder that replaces redacted text.

export const BLANK = '[redacted]';

/** A copy with these members blanked, if they exist: a string, or each string of an array. */
export function blankMembers<T extends object>(whole: T, members: readonly string[]): T {
  const blanked = Object.entries(whole)
    .filter(([member]) => members.includes(member))
    .map(([member, value]) => [member, Array.isArray(value) ? value.map(() => BLANK) : BLANK]);
  return { ...whole, ...Object.fromEntries(blanked) };
}
