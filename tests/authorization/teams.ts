// Those who work in the organisations of the canaries: everything that can be said or done there, at random, in words that no other organisation has.
import type { Visibility } from '../../projections/events/roles.ts';
import { between, oneOf, type Random } from '../crash/random.ts';
import { type AccountsApp, addPerson, PASSWORD } from '../support/accounts.ts';
import { type Ids, Listener } from './listeners.ts';

/** A label that all of them use, besides their own. */
export const TENANT = 'eu';

export interface Team {
  readonly name: 'alpha' | 'beta' | 'gamma';
  readonly organizationId: string;
  readonly headers: Record<string, string>;
  /** The owner: they must not hear what is another's, and do hear what is theirs. */
  readonly listener: Listener;
  /** What was made so far, by the name of the parameter that takes it. */
  readonly made: Record<
    | 'serviceId'
    | 'groupId'
    | 'incidentId'
    | 'maintenanceId'
    | 'seriesId'
    | 'templateId'
    | 'teamId'
    | 'keyId'
    | 'invitationId'
    | 'userId'
    | 'digest',
    string[]
  >;
}

let words = 0;

/** A word that is nowhere else. The closed words of a public organisation are for its members alone. */
function word(name: Team['name'], kind: 'open' | 'closed'): string {
  words += 1;
  return `canary-${name}-${kind}-${words}`;
}

export async function found(app: AccountsApp, name: Team['name'], visibility: Visibility): Promise<Team> {
  const { id, headers } = await addPerson(app);
  const others = ['alpha', 'beta', 'gamma-closed'].filter((other) => !other.startsWith(name));
  const listener = new Listener({ name, headers, secret: new RegExp(`canary-(${others.join('|')})`) });
  const me = { name: word(name, 'closed'), email: `${word(name, 'closed')}@plive.test` };
  // As the operator does it.
  await app.identity.accounts.rename(id, me);
  const json = { name: word(name, 'open'), slug: word(name, 'open'), visibility };
  const made = await listener.ask(app, '/api/organizations', { json });
  const { id: organizationId } = (await made.json()) as { id: string };
  const nothing = {
    serviceId: [],
    groupId: [],
    incidentId: [],
    maintenanceId: [],
    seriesId: [],
    templateId: [],
    teamId: [],
    keyId: [],
    invitationId: [],
    userId: [id],
    digest: [],
  };
  return { name, organizationId, headers, listener, made: nothing };
}

/** What the parameters of paths and queries may be filled with. */
export function idsOf(teams: readonly Team[]): Ids {
  const all = (name: keyof Team['made']) => teams.flatMap(({ made }) => made[name].slice(-20));
  const organizationId = teams.map((team) => team.organizationId);
  const made = Object.fromEntries(MADE.map((name) => [name, all(name)]));
  return {
    ...made,
    organizationId,
    tenantId: [TENANT],
    id: [...KIND_IDS.flatMap(all), ...organizationId],
    position: ['3', '30'],
  };
}

const KIND_IDS = ['serviceId', 'groupId', 'incidentId', 'maintenanceId', 'seriesId', 'templateId'] as const;
const MADE = [
  'serviceId',
  'groupId',
  'incidentId',
  'maintenanceId',
  'seriesId',
  'templateId',
  'teamId',
  'keyId',
  'invitationId',
  'userId',
  'digest',
] as const;

/** The first thing of each kind, so that there is something to hear of it. */
export async function begin(app: AccountsApp, team: Team, random: Random): Promise<void> {
  for (const make of [services[0], groups[0], incidents[0], maintenances[0], drafts[0]])
    await make?.(actorOf(app, team, random));
}

/** Something that a team does, also what it must not. */
export async function work(app: AccountsApp, team: Team, random: Random): Promise<void> {
  await oneOf(random, DEEDS)(actorOf(app, team, random));
}

/** Someone at work, in few words. */
interface Worker {
  readonly organization: string;
  readonly team: Team;
  readonly random: Random;
  readonly open: () => string;
  readonly closed: () => string;
  /** One of what was made; an id that is nowhere where there is none. */
  readonly one: (name: keyof Team['made']) => string;
  readonly send: (method: string, path: string, json?: object, headers?: Record<string, string>) => Promise<Made>;
  /** Sends, and remembers the id of what was made. */
  readonly make: (name: keyof Team['made'], path: string, json: object) => Promise<Made>;
  readonly app: AccountsApp;
}

interface Made {
  readonly id?: string;
  readonly seriesId?: string;
  readonly link?: string;
}

function actorOf(app: AccountsApp, team: Team, random: Random): Worker {
  const { name, organizationId, listener, made } = team;
  const send: Worker['send'] = async (method, path, json, headers = {}) => {
    const response = await listener.ask(app, path, { method, ...(json ? { json } : {}), headers });
    const isJson = response.headers.get('Content-Type')?.includes('json');
    return isJson ? ((await response.json()) as Made) : {};
  };
  return {
    app,
    team,
    random,
    send,
    organization: `/api/organizations/${organizationId}`,
    open: () => word(name, 'open'),
    closed: () => word(name, 'closed'),
    one: (kind) => (made[kind].length > 0 ? oneOf(random, made[kind]) : NOWHERE),
    async make(kind, path, json) {
      const answer = await send('POST', path, json);
      if (answer.id !== undefined) made[kind].push(answer.id);
      return answer;
    },
  };
}

const NOWHERE = 'a1b2c3d4-0000-4000-8000-00000000dead';
const SERVICE_STATUSES = ['operational', 'maintenance', 'degraded', 'partial', 'major'];
const MAINTENANCE_STATUSES = ['scheduled', 'in-progress', 'verifying', 'completed', 'cancelled'];
const INCIDENT_STATUSES = ['investigating', 'identified', 'monitoring', 'resolved'];

function place({ team: { organizationId }, random, open }: Worker): object {
  const tenantId = oneOf(random, [undefined, TENANT, open()]);
  return { organizationId, ...(tenantId === undefined ? {} : { tenantId }) };
}

const services: readonly ((worker: Worker) => Promise<unknown>)[] = [
  (worker) =>
    worker.make('serviceId', '/api/services', { name: worker.open(), description: worker.open(), ...place(worker) }),
  ({ send, one, random }) =>
    send('PUT', `/api/services/${one('serviceId')}`, { status: oneOf(random, SERVICE_STATUSES) }),
  ({ send, one, open }) => send('PUT', `/api/services/${one('serviceId')}`, { name: open(), description: open() }),
  ({ send, one, open }) => {
    const from = new Date(Date.now() - 5).toISOString();
    const json = { from, to: new Date().toISOString(), status: 'major', reason: open() };
    return send('POST', `/api/services/${one('serviceId')}/corrections`, json);
  },
  ({ send, one, random }) => (random() < 0.3 ? send('DELETE', `/api/services/${one('serviceId')}`) : Promise.resolve()),
];

const groups: readonly ((worker: Worker) => Promise<unknown>)[] = [
  (worker) => worker.make('groupId', '/api/groups', { name: worker.open(), ...place(worker) }),
  ({ send, one, open }) => {
    const json = { name: open(), description: open(), translations: { de: { name: open() } } };
    return send('PUT', `/api/groups/${one('groupId')}`, json);
  },
  ({ send, one }) => send('PUT', `/api/services/${one('serviceId')}`, { groupId: one('groupId') }),
  ({ send, one, team: { organizationId } }) => {
    const json = { groups: [{ id: one('groupId'), services: [one('serviceId')] }] };
    return send('PUT', `/api/page/order?organizationId=${organizationId}`, json);
  },
  ({ send, one, random }) => (random() < 0.3 ? send('DELETE', `/api/groups/${one('groupId')}`) : Promise.resolve()),
];

const incidents: readonly ((worker: Worker) => Promise<unknown>)[] = [
  (worker) => {
    const { make, one, open } = worker;
    const impacts = worker.random() < 0.5 ? {} : { [one('serviceId')]: 'partial' };
    const json = { title: open(), description: open(), affectedServices: [open()], impacts, ...place(worker) };
    return make('incidentId', '/api/incidents', json);
  },
  ({ send, one, open, random }) => {
    const json = { status: oneOf(random, INCIDENT_STATUSES), message: open() };
    return send('POST', `/api/incidents/${one('incidentId')}/updates`, json);
  },
  ({ send, one, open }) => {
    const json = { title: open(), description: open(), affectedServices: [open()], impact: 'critical' };
    return send('PUT', `/api/incidents/${one('incidentId')}`, json);
  },
  async ({ send, one, open, random }) => {
    const updates = `/api/incidents/${one('incidentId')}/updates`;
    const json = { status: 'identified', message: open(), translations: { de: { message: open() } } };
    const { id = NOWHERE } = await send('POST', updates, json);
    await send('PUT', `${updates}/${id}`, { message: open() });
    return random() < 0.5 ? send('DELETE', `${updates}/${id}`) : undefined;
  },
  ({ send, one, open, random }) =>
    random() < 0.3
      ? send('POST', `/api/incidents/${one('incidentId')}/retraction`, { reason: open() })
      : send('DELETE', `/api/incidents/${random() < 0.3 ? one('incidentId') : NOWHERE}`),
];

/** What only members see. */
const drafts: readonly ((worker: Worker) => Promise<unknown>)[] = [
  (worker) =>
    worker.make('templateId', '/api/templates', { title: worker.closed(), text: worker.closed(), ...place(worker) }),
  ({ send, one, closed, random }) => {
    const json = { title: closed(), translations: { de: { text: closed() } }, after: null };
    const path = `/api/templates/${one('templateId')}`;
    return random() < 0.8 ? send('PUT', path, json) : send('DELETE', path);
  },
  ({ send, one, closed }) => send('PUT', `/api/incidents/${one('incidentId')}/postmortem`, { text: closed() }),
  async ({ send, one, open }) => {
    const path = `/api/incidents/${one('incidentId')}/postmortem`;
    await send('PUT', path, { text: open(), status: 'published' });
    return send('PUT', path, { status: 'draft' });
  },
];

const pages: readonly ((worker: Worker) => Promise<unknown>)[] = [
  ({ send, open, team: { organizationId } }) => {
    const links = [{ label: open(), url: `https://${open()}.example/` }];
    const translations = { de: { headline: open() } };
    const json = { headline: open(), links, notice: { text: open() }, translations };
    return send('PUT', `/api/page/settings?organizationId=${organizationId}`, json);
  },
  async ({ app, open, team: { organizationId, listener, made } }) => {
    const response = await listener.ask(app, `/api/page/logo?organizationId=${organizationId}`, {
      method: 'PUT',
      body: `<svg xmlns="http://www.w3.org/2000/svg"><title>${open()}</title></svg>`,
      headers: { 'Content-Type': 'image/svg+xml' },
    });
    const { logo } = (await response.json()) as { logo: string };
    made.digest.push(logo.slice(-64));
  },
];

const HOUR = 60 * 60 * 1_000;

const maintenances: readonly ((worker: Worker) => Promise<unknown>)[] = [
  (worker) => {
    const { make, one, open, random } = worker;
    // Nothing begins or ends while the test runs: what others see would change by itself.
    const begin = Date.now() + oneOf(random, [-2, 2]) * HOUR;
    const window = { startsAt: begin, endsAt: begin + oneOf(random, [1, 1_000]) * HOUR };
    const [startsAt, endsAt] = Object.values(window).map((time) => new Date(time).toISOString());
    const affectedServices = random() < 0.3 ? [] : [one('serviceId')];
    const json = { title: open(), description: open(), startsAt, endsAt, affectedServices, ...place(worker) };
    return make('maintenanceId', '/api/maintenances', json);
  },
  async (worker) => {
    const { make, open, team } = worker;
    const startsAt = new Date(Date.now() + 24 * HOUR).toISOString();
    const endsAt = new Date(Date.now() + 25 * HOUR).toISOString();
    const work = { title: open(), description: open(), recurrence: 'FREQ=WEEKLY;COUNT=2', startsAt, endsAt };
    const json = { ...work, ...place(worker) };
    const { seriesId } = await make('maintenanceId', '/api/maintenances', json);
    if (seriesId !== undefined) team.made.seriesId.push(seriesId);
  },
  ({ send, one, open }) => send('PUT', `/api/maintenance-series/${one('seriesId')}`, { title: open() }),
  ({ send, one, random }) =>
    random() < 0.3 ? send('DELETE', `/api/maintenance-series/${one('seriesId')}`) : Promise.resolve(),
  ({ send, one, open, random }) => {
    const json = { status: oneOf(random, MAINTENANCE_STATUSES), message: open() };
    return send('POST', `/api/maintenances/${one('maintenanceId')}/updates`, json);
  },
  ({ send, one, open, random }) => {
    const json = { title: open(), description: open(), affectedServices: [one('serviceId')], autoEnd: random() < 0.5 };
    return send('PUT', `/api/maintenances/${one('maintenanceId')}`, json);
  },
  ({ send, one, random }) =>
    random() < 0.3 ? send('DELETE', `/api/maintenances/${one('maintenanceId')}`) : Promise.resolve(),
];

const people: readonly ((worker: Worker) => Promise<unknown>)[] = [
  ({ make, organization, closed }) => make('teamId', `${organization}/teams`, { name: closed() }),
  ({ send, organization, one, closed }) => send('PUT', `${organization}/teams/${one('teamId')}`, { name: closed() }),
  ({ send, organization, one }) => send('PUT', `${organization}/teams/${one('teamId')}/members/${one('userId')}`),
  ({ send, organization, one }) => send('PUT', `${organization}/roles/teams/${one('teamId')}`, { role: 'viewer' }),
  ({ send, organization, one }) => send('PUT', `${organization}/roles/users/${one('userId')}`, { role: 'member' }),
  ({ send, organization, one }) => send('DELETE', `${organization}/roles/users/${one('userId')}`),
  ({ make, organization, closed }) => make('keyId', `${organization}/keys`, { name: closed(), role: 'viewer' }),
  ({ send, organization, one }) => send('DELETE', `${organization}/keys/${one('keyId')}`),
  async ({ app, make, organization, closed, team }) => {
    const { link = '' } = await make('invitationId', `${organization}/invitations`, { role: 'member' });
    const token = link.replace(/.*=/, '');
    const json = { token, name: closed(), email: `${closed()}@plive.test`, password: PASSWORD };
    const joined = await app.request('/api/invitations', { json });
    team.made.userId.push(((await joined.json()) as { id: string }).id);
  },
  async ({ send, closed }) => {
    await send('PUT', '/api/me', { name: closed() });
    // Not theirs to change.
    return send('PUT', '/api/me', { email: `${closed()}@plive.test` });
  },
  ({ send, organization, open }) => send('PUT', organization, { name: open(), slug: open() }),
];

const rest: readonly ((worker: Worker) => Promise<unknown>)[] = [
  ({ send, open, team: { organizationId } }) =>
    send('POST', '/api/websocket/broadcast', { type: 'service-update', data: { said: [open()] }, organizationId }),
  ({ app, send, open, random }) =>
    send('POST', `/api/events/${between(random, 1, app.log.position)}/redaction`, { reason: open() }),
  // What goes wrong tells of what was sent.
  ({ send, open, team: { organizationId } }) =>
    send('POST', '/api/services', { name: open().repeat(20), description: open(), status: open(), organizationId }),
  ({ send, one, open }) => send('PUT', `/api/services/${one('serviceId')}`, { name: open() }, { 'If-Match': '"0-0"' }),
  ({ send, open, team: { organizationId } }) =>
    send('POST', '/api/services', { name: open(), description: open(), organizationId }, { 'Idempotency-Key': 'same' }),
  ({ send, closed }) => send('POST', '/api/sessions', { email: `${closed()}@plive.test`, password: closed() }),
  ({ send, closed }) => send('POST', '/api/password', { token: closed(), password: closed() }),
  ({ send, one, app, random }) =>
    send('GET', `/api/services/${one('serviceId')}?position=${between(random, 1, app.log.position)}`),
];

const DEEDS = [
  ...services,
  ...services,
  ...groups,
  ...incidents,
  ...incidents,
  ...incidents,
  ...maintenances,
  ...drafts,
  ...pages,
  ...people,
  ...rest,
];
