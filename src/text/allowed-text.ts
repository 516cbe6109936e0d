// Texts without what the formats that others read forbid.

/** What no XML 1.0 document may contain (its production `Char`): control characters, halves of characters, U+FFFE, U+FFFF. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** The text with the replacement character in place of each character that XML forbids. */
export function allowedInXml(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd');
}
