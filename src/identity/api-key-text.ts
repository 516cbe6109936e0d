// The text form of an API key: `plv_`, its id, its secret, and a checksum by which secret scanners recognise a real
// key.
import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const PREFIX = 'plv_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = BigInt(ALPHABET.length);
/** Characters of a UUID, of a secret (238 bits) and of a CRC-32, in base 62. */
const LENGTHS = { id: 22, secret: 40, checksum: 6 };
const KEY = new RegExp(`^${PREFIX}(\\w{${LENGTHS.id}})(\\w{${LENGTHS.secret}})(\\w{${LENGTHS.checksum}})$`);

export interface ApiKeyParts {
  /** UUID. */
  readonly id: string;
  readonly secret: string;
}

/** Whether a request carries what looks like an API key, valid or not. */
export function carriesApiKey({ authorization = '' }: { readonly authorization?: string | undefined }): boolean {
  return /^bearer +plv_/i.test(authorization);
}

/** A secret of random characters, uniformly distributed. */
export function newSecret(): string {
  // Bytes above the last multiple of the alphabet's length would make some characters more likely, so they are dropped.
  const limit = 256 - (256 % ALPHABET.length);
  let secret = '';
  while (secret.length < LENGTHS.secret) {
    const usable = [...randomBytes(LENGTHS.secret)].filter((byte) => byte < limit);
    secret += usable.map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  }
  return secret.slice(0, LENGTHS.secret);
}

export function writeApiKey({ id, secret }: ApiKeyParts): string {
  const text = PREFIX + inBase62(BigInt(`0x${id.replaceAll('-', '')}`), LENGTHS.id) + secret;
  return text + checksumOf(text);
}

/** `undefined` if the text is not a key, or was not copied in full. */
export function readApiKey(text: string): ApiKeyParts | undefined {
  const [, id, secret, checksum] = KEY.exec(text) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  if (checksumOf(text.slice(0, -LENGTHS.checksum)) !== checksum) return undefined;
  const hex = fromBase62(id).toString(16).padStart(32, '0');
  return { id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'), secret };
}

function checksumOf(text: string): string {
  return inBase62(BigInt(crc32(text)), LENGTHS.checksum);
}

function inBase62(number: bigint, length: number): string {
  let text = '';
  for (let rest = number; rest > 0n; rest /= BASE) text = ALPHABET[Number(rest % BASE)] + text;
  return text.padStart(length, '0');
}

function fromBase62(text: string): bigint {
  return [...text].reduce((number, character) => number * BASE + BigInt(ALPHABET.indexOf(character)), 0n);
}
