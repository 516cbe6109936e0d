// A server with AUTH=required, with an owner, and quickly as many people, keys and organisations as a test needs.
import { v7 as newId } from 'uuid';
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import type { Role, Visibility } from '../../projections/events/roles.ts';
import { organizationStream } from '../../projections/organizations.ts';
import type { AppSurroundings } from '../../src/app/app.ts';
import type { Identity } from '../../src/identity/identity.ts';
import type { NewEvent } from '../../src/log/commit.ts';
import type { Workflows } from '../../src/workflows/workflows.ts';
import { type StartedApp, startApp } from './start-app.ts';

export interface AccountsApp extends StartedApp {
  readonly identity: Identity;
  readonly workflows: Workflows;
}

/** Someone who is signed in. Pass `headers` along to ask as them. */
export interface Someone {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly headers: { readonly Cookie: string };
}

export interface Machine {
  readonly id: string;
  /** As it is sent. */
  readonly key: string;
  readonly headers: { readonly Authorization: string };
}

/** Quick to try: what passwords cost is not what these tests are about. */
export const CHEAP = { logN: 1, r: 1, p: 1 };

export const PASSWORD = 'correct horse battery';

/** A server that nobody owns yet. */
export async function startUnowned(
  environment: Record<string, string> = {},
  given: Partial<AppSurroundings> = {},
): Promise<AccountsApp> {
  const app = await startApp({ AUTH: 'required', ...environment }, { passwordCost: CHEAP, ...given });
  const { identity, workflows } = app;
  if (!identity || !workflows) throw new Error('Nobody needs to sign in there.');
  return { ...app, identity, workflows };
}

/** A server whose default organisation is public and has an owner. */
export async function startOwned(
  environment: Record<string, string> = {},
  given: Partial<AppSurroundings> = {},
): Promise<AccountsApp & { readonly owner: Someone }> {
  const app = await startUnowned(environment, given);
  const account = { name: 'Olga Owner', email: 'olga@plive.test', password: PASSWORD };
  const token = (await app.workflows.setUp.issueToken()) ?? '';
  const id = await app.workflows.setUp.run(token, account, 'test');
  if (typeof id !== 'string') throw new Error(`Nobody became the owner: ${id.kind}.`);
  return { ...app, owner: await signedIn(app, { ...account, id }) };
}

let people = 0;

/** Someone new who is signed in, with this role in an organisation; without any, unless told. */
export async function addPerson(
  app: AccountsApp,
  role?: Role,
  organizationId = DEFAULT_ORGANIZATION,
): Promise<Someone> {
  const { accounts, links } = app.identity;
  people += 1;
  const account = { name: `Person ${people}`, email: `person-${people}@plive.test`, password: PASSWORD };
  const expiresAt = new Date(Date.now() + 60_000).toISOString();
  const token = (await links.issueInvitation({ id: newId(), organizationId, expiresAt })) ?? '';
  const id = await accounts.add(account, links.spending('invitation', token));
  if (typeof id !== 'string') throw new Error(`There is no new person: ${id.message}`);
  if (role) await grant(app, { userId: id, role, organizationId });
  return signedIn(app, { ...account, id });
}

/** Gives someone a role, as an event, whatever the rules say of it. */
export function grant(
  app: AccountsApp,
  { userId, role, organizationId = DEFAULT_ORGANIZATION }: { userId: string; role: Role; organizationId?: string },
): Promise<void> {
  return happen(app, organizationId, [{ type: 'organization.role-granted', organizationId, data: { userId, role } }]);
}

/** A new organisation that this person owns. */
export function addOrganization(
  app: AccountsApp,
  organizationId: string,
  { owner, visibility = 'private' }: { owner: Pick<Someone, 'id'>; visibility?: Visibility },
): Promise<void> {
  return happen(app, organizationId, [
    {
      type: 'organization.created',
      organizationId,
      data: { name: organizationId, slug: organizationId, visibility },
    },
    { type: 'organization.role-granted', organizationId, data: { userId: owner.id, role: 'owner' } },
  ]);
}

/** A new API key with this role in an organisation. */
export async function addKey(
  app: AccountsApp,
  role: Role,
  { organizationId = DEFAULT_ORGANIZATION, expiresAt }: { organizationId?: string; expiresAt?: string } = {},
): Promise<Machine> {
  const id = newId();
  const data = { keyId: id, name: `A key for a ${role}`, role, ...(expiresAt === undefined ? {} : { expiresAt }) };
  await happen(app, organizationId, [{ type: 'organization.key-created', organizationId, data }]);
  const key = (await app.identity.keys.issue({ id, organizationId })) ?? '';
  return { id, key, headers: { Authorization: `Bearer ${key}` } };
}

/** Records events of an organisation as they are. */
export async function happen(app: StartedApp, organizationId: string, events: readonly NewEvent[]): Promise<void> {
  const { kind } = await app.log.append({
    writes: [{ stream: organizationStream(organizationId), expected: 'any', events }],
    actor: { kind: 'system' },
    correlationId: 'test',
  });
  if (kind !== 'appended') throw new Error(`It was not recorded: ${kind}.`);
}

/** The person with a new session. */
async function signedIn(app: AccountsApp, person: Omit<Someone, 'headers'>): Promise<Someone> {
  const { sessions, cookie } = app.identity;
  const [pair = ''] = cookie.write(await sessions.start(person.id, 'Test')).split(';');
  return { ...person, headers: { Cookie: pair } };
}
