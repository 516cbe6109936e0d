// Tries to prove something with a secret, a password or the token of a link: so many, and then none for a while.

import { tooManyRequests } from '../../http/rate-limit.ts';
import type { Answer } from '../../http/route.ts';
import type { SignInLimits } from '../../identity/sign-in-limits.ts';

/** From where somebody tries, and what for: the account as it was named, or the token. */
interface Try {
  readonly address: string;
  readonly subject: string;
}

/** What the attempt answers, or that it is one too many. One that succeeds does not count. */
export async function limitAttempts(
  limits: SignInLimits,
  { address, subject }: Try,
  attempt: () => Promise<Answer>,
): Promise<Answer> {
  const verdict = limits.allow(address, subject);
  if (!verdict.allowed) return tooManyRequests(verdict);
  const answer = await attempt();
  if (!('problem' in answer)) limits.succeeded(address, subject);
  return answer;
}
