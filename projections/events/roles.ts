// Roles and visibilities. Without zod, so that folds that need them run in a browser without it.

/** What a person, a team or a key may do in an organisation, from the least to the most: each role includes those before it. */
export const ROLES = ['viewer', 'member', 'admin', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** Whether strangers may read an organisation. */
export const VISIBILITIES = ['public', 'private'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** Where a role stands among the roles: a higher one may more. -1 for what is not a role. */
export function rank(access: string): number {
  return (ROLES as readonly string[]).indexOf(access);
}
