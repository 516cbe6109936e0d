// Why identity refuses a request about an account: a code for programs, a sentence for people.
import { isCommonPassword } from './common-passwords.ts';

export interface AccountRejection {
  readonly kind: 'rejected';
  readonly code: 'wrong-credentials' | 'email-taken' | 'weak-password' | 'link-not-valid' | 'already-set-up';
  readonly message: string;
  /** JSON pointer to the member of the body that was refused. */
  readonly pointer?: string;
}

/**
 * Given for an unknown address and for a wrong password alike, so that it does not reveal which addresses have
 * accounts.
 */
export const WRONG_CREDENTIALS: AccountRejection = {
  kind: 'rejected',
  code: 'wrong-credentials',
  message: 'The e-mail address or the password is wrong.',
};

export const WRONG_PASSWORD: AccountRejection = {
  kind: 'rejected',
  code: 'wrong-credentials',
  message: 'The password is wrong.',
};

export const EMAIL_TAKEN: AccountRejection = {
  kind: 'rejected',
  code: 'email-taken',
  message: 'An account with this e-mail address already exists.',
  pointer: '/email',
};

export const LINK_NOT_VALID: AccountRejection = {
  kind: 'rejected',
  code: 'link-not-valid',
  message: 'This link is invalid, or it was used, replaced or has expired. Ask for a new one.',
  pointer: '/token',
};

export const ALREADY_SET_UP: AccountRejection = {
  kind: 'rejected',
  code: 'already-set-up',
  message: 'This server already has an owner. Sign in, or ask the owner for an invitation.',
};

/** Refuses passwords that an attacker would try first: common ones, the name and the e-mail address. */
export async function refuseWeak(
  password: string,
  { email, name }: { readonly email: string; readonly name: string },
  pointer: string,
): Promise<AccountRejection | undefined> {
  const plain = password.trim().toLowerCase();
  const weak = (message: string) => ({ kind: 'rejected', code: 'weak-password', message, pointer }) as const;
  if (plain === email.toLowerCase() || plain === name.trim().toLowerCase()) return weak(OWN_NAME);
  return (await isCommonPassword(password)) ? weak(COMMON) : undefined;
}

const OWN_NAME = 'The password must not be the name or the e-mail address.';
const COMMON = 'The password is one of the commonest, or easily made of one. Several unrelated words are a better one.';
