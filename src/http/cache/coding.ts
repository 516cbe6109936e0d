// Content codings: which the server speaks, for what, and which of them a client accepts.

/** A content coding, by its name in HTTP. */
export type Coding = 'gzip' | 'br';

/** Whether it is worth it to compress content of this media type: pictures are compressed already. */
export function isCompressible(mediaType: string): boolean {
  return !/^image\/(?!svg)/.test(mediaType);
}

/** In order of preference. */
const ACCEPTED: readonly (readonly [Coding, RegExp])[] = [
  ['br', accepting('br')],
  ['gzip', accepting('gzip')],
];

/** Matches the coding without a weight (`q`) or with a weight above zero. */
function accepting(coding: Coding): RegExp {
  return new RegExp(`(?:^|[\\s,])${coding}\\s*(?:$|,|;\\s*q=(?:1|0\\.\\d*[1-9]))`, 'i');
}

/** The preferred coding that an `Accept-Encoding` header accepts; `undefined` if it accepts none of ours. */
export function acceptedCoding(header: string | string[] | undefined): Coding | undefined {
  if (header === undefined) return undefined;
  return ACCEPTED.find(([, pattern]) => pattern.test(String(header)))?.[0];
}
