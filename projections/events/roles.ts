// Roles and visibilities. Without zod, so that a browser can run the folds that need them without loading it.

/** The roles of people, teams and keys, from lowest to highest: each role includes the rights of those before it. */
export const ROLES = ['viewer', 'member', 'admin', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** Whether callers without a role can read an organisation. */
export const VISIBILITIES = ['public', 'private'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** The rank of a role: a higher rank has more rights. -1 for a string that is not a role. */
export function rank(access: string): number {
  return (ROLES as readonly string[]).indexOf(access);
}
