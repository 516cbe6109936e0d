// Texts that must not be longer than there is room for.

/** The text in at most this many characters (UTF-16), with an ellipsis where something is left out. */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const kept = text.slice(0, longest - 1);
  return `${withoutHalf(kept).trimEnd()}…`;
}

/** Without the first half of a character of two. */
function withoutHalf(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}
