// Limits the attempts to prove an identity with a password or with the token of a link.

import { tooManyRequests } from '../../http/rate-limit.ts';
import type { Answer } from '../../http/route.ts';
import type { SignInLimits } from '../../identity/sign-in-limits.ts';

/** The client address, and what the attempt is for: the account (as the client named it) or the token. */
interface Attempt {
  readonly address: string;
  readonly subject: string;
}

/** Runs the attempt, or answers 429 if too many failed. A successful attempt does not count. */
export async function limitAttempts(
  limits: SignInLimits,
  { address, subject }: Attempt,
  attempt: () => Promise<Answer>,
): Promise<Answer> {
  const verdict = await limits.allow(address, subject);
  if (!verdict.allowed) return tooManyRequests(verdict);
  const answer = await limits.inTurn(address, subject, attempt);
  if (!('problem' in answer)) await limits.succeeded(address, subject);
  return answer;
}
