// Refusals of what is asked about accounts: a code for programs, a sentence for people.

export interface AccountRejection {
  readonly kind: 'rejected';
  readonly code: 'wrong-credentials' | 'email-taken' | 'weak-password' | 'link-not-valid' | 'already-set-up';
  readonly message: string;
  /** The member of the body that it is about. */
  readonly pointer?: string;
}

/** One answer, whether or not there is such an account: nobody learns who has one. */
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

/** A refusal of a password that is the first thing to try. */
export function refuseWeak(
  password: string,
  { email, name }: { readonly email: string; readonly name: string },
  pointer: string,
): AccountRejection | undefined {
  const plain = password.trim().toLowerCase();
  if (plain !== email.toLowerCase() && plain !== name.trim().toLowerCase()) return undefined;
  return {
    kind: 'rejected',
    code: 'weak-password',
    message: 'The password must not be the name or the e-mail address.',
    pointer,
  };
}
