// What identity claims of the log: the organisation of each API key, and of each link of an invitation.

export interface LogClaim {
  readonly kind: 'key' | 'invitation';
  readonly id: string;
  readonly organizationId: string;
}
