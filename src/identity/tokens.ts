// Tokens: long random texts that prove something to whoever knows no more of them than a digest.
import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits in base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether it could be a token at all: what could not is not looked up. */
export function isToken(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** Hex SHA-256: all that is stored. It needs no salt, because nobody can guess what it is of. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
