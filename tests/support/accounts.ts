// Starts a server with AUTH=required, and adds people, API keys and organisations without going through the API.
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

/** A person who is signed in. Pass `headers` to send requests with their session. */
export interface Someone {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly headers: { readonly Cookie: string };
}

export interface Machine {
  readonly id: string;
  /** The text of the key, as clients send it. */
  readonly key: string;
  readonly headers: { readonly Authorization: string };
}

/** A cheap password hash, to save time in tests that are not about its cost. */
export const CHEAP = { logN: 1, r: 1, p: 1 };

export const PASSWORD = 'correct horse battery';

/** A server without an owner. */
export async function startUnowned(
  environment: Record<string, string> = {},
  given: Partial<AppSurroundings> = {},
): Promise<AccountsApp> {
  const app = await startApp({ AUTH: 'required', ...environment }, { passwordCost: CHEAP, ...given });
  const { identity, workflows } = app;
  if (!identity || !workflows) throw new Error('The server does not run with AUTH=required.');
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
  const id = await app.workflows.setUp.run(token, account, { correlationId: 'test' });
  if (typeof id !== 'string') throw new Error(`The set-up failed: ${id.kind}.`);
  return { ...app, owner: await signedIn(app, { ...account, id }) };
}

let people = 0;

/** Adds a person who is signed in. Without a `role` the person belongs to no organisation. */
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
  if (typeof id !== 'string') throw new Error(`The account was not added: ${id.message}`);
  if (role) await grant(app, { userId: id, role, organizationId });
  return signedIn(app, { ...account, id });
}

/** Records that a person got a role, without checking the rules of the command. */
export function grant(
  app: AccountsApp,
  { userId, role, organizationId = DEFAULT_ORGANIZATION }: { userId: string; role: Role; organizationId?: string },
): Promise<void> {
  return happen(app, organizationId, [{ type: 'organization.role-granted', organizationId, data: { userId, role } }]);
}

/** Adds an organisation that this person owns. */
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

/** Adds an API key with this role in an organisation. */
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

/** Records events in the stream of an organisation, without checking the rules of commands. */
export async function happen(app: StartedApp, organizationId: string, events: readonly NewEvent[]): Promise<void> {
  const { kind } = await app.log.append({
    writes: [{ stream: organizationStream(organizationId), expected: 'any', events }],
    actor: { kind: 'system' },
    correlationId: 'test',
  });
  if (kind !== 'appended') throw new Error(`The events were not recorded: ${kind}.`);
}

/** Starts a session for the person. */
async function signedIn(app: AccountsApp, person: Omit<Someone, 'headers'>): Promise<Someone> {
  const { sessions, cookie } = app.identity;
  const [pair = ''] = cookie.write((await sessions.start(person.id, 'Test')) ?? '').split(';');
  return { ...person, headers: { Cookie: pair } };
}
