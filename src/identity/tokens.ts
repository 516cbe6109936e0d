// Random tokens of sessions and links. The server stores only their digests.
import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits in base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether the text has the form of a token. Other texts need no look-up. */
export function isToken(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** Hex SHA-256, which is all that is stored. Needs no salt, because the secrets are random and too long to guess. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
