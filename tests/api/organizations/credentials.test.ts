// Keys and invitations over the wire: their lists name who made them, and they end with the rights of that person.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type AccountsApp, addPerson, PASSWORD, type Someone, startOwned } from '../../support/accounts.ts';
import { type Asked, ask } from '../../support/rest.ts';

const PATH = '/api/organizations/default';

let app: AccountsApp & { owner: Someone };
let ada: Someone;
/** The secret of a key that Ada made, and the token of the link of her invitation. */
let key: string;
let token: string;

beforeEach(async () => {
  app = await startOwned({ RATE_LIMIT: '0' });
  ada = await addPerson(app, 'admin');
  const asAda = as(ada);
  key = (await ask<{ key: string }>(app, `${PATH}/keys`, { ...asAda, json: { name: 'Probe', role: 'admin' } })).body
    .key;
  const invited = await ask<{ link: string }>(app, `${PATH}/invitations`, { ...asAda, json: { role: 'admin' } });
  token = invited.body.link.split('#token=')[1] ?? '';
});

afterEach(() => app.close());

const as = ({ headers }: Pick<Someone, 'headers'>, asked: Asked = {}): Asked => ({ ...asked, headers });
const remove = (path: string) => ask(app, `${PATH}${path}`, as(app.owner, { method: 'DELETE' }));

interface Made {
  readonly name?: string;
  readonly createdBy: object;
}

/** Who made the keys and the invitations that there are. */
async function makers(): Promise<readonly object[][]> {
  const lists = ['keys', 'invitations'].map((name) => ask<readonly Made[]>(app, `${PATH}/${name}`, as(app.owner)));
  return (await Promise.all(lists)).map(({ body }) => body.map(({ createdBy }) => createdBy));
}

/** The status of a change with the key, and that of accepting the invitation as Ada. */
async function uses(): Promise<readonly number[]> {
  const json = { title: 'Slow', description: 'Very' };
  const written = await ask(app, '/api/incidents', { json, headers: { Authorization: `Bearer ${key}` } });
  return [written.status, (await ask(app, '/api/invitations', as(ada, { json: { token } }))).status];
}

describe('the lists of keys and invitations', () => {
  test('name who made each, also when it is created', async () => {
    const createdBy = { kind: 'user', id: ada.id, name: ada.name };
    expect(await makers()).toEqual([[createdBy], [createdBy]]);
    const json = { name: 'Another', role: 'viewer' };
    expect((await ask(app, `${PATH}/keys`, as(ada, { json }))).body).toMatchObject({ createdBy });
    const invited = await ask(app, `${PATH}/invitations`, as(ada, { json: { role: 'viewer' } }));
    expect(invited.body).toMatchObject({ createdBy });
    expect(invited.body).not.toHaveProperty('teamRole');
  });

  test('go on naming a former member whose key is kept', async () => {
    await ask(app, '/api/me?keys=keep', as(ada, { method: 'DELETE', json: { password: PASSWORD } }));
    expect(await makers()).toEqual([[{ kind: 'user', id: ada.id, name: 'former member' }], []]);
  });
});

describe('a key and an invitation', () => {
  test('of a person who is removed neither write nor lead back in', async () => {
    expect((await remove(`/members/${ada.id}`)).status).toBe(204);
    expect(await uses()).toEqual([401, 410]);
    expect(await makers()).toEqual([[], []]);
  });

  test('of a person who erases the account neither write nor lead back in', async () => {
    const erased = await ask(app, '/api/me', as(ada, { method: 'DELETE', json: { password: PASSWORD } }));
    expect(erased.status).toBe(204);
    expect(await makers()).toEqual([[], []]);
    expect((await uses())[0]).toBe(401);
  });

  test('above the new role of a person end, also where a team gave the higher one', async () => {
    const { id } = (await ask<{ id: string }>(app, `${PATH}/teams`, as(app.owner, { json: { name: 'Board' } }))).body;
    const put = (path: string, json: object) => ask(app, `${PATH}${path}`, as(app.owner, { method: 'PUT', json }));
    await put(`/teams/${id}/members/${ada.id}`, {});
    await put(`/roles/teams/${id}`, { role: 'admin' });
    expect((await put(`/roles/users/${ada.id}`, { role: 'member' })).status).toBe(200);
    expect((await makers()).map(({ length }) => length)).toEqual([1, 1]);
    expect((await put(`/roles/teams/${id}`, { role: 'viewer' })).status).toBe(200);
    expect(await uses()).toEqual([401, 410]);
  });
});

describe('?keys=keep', () => {
  test('spares the keys of a person who is removed', async () => {
    expect((await remove(`/members/${ada.id}?keys=keep`)).status).toBe(204);
    expect(await uses()).toEqual([201, 410]);
  });

  test('is taken wherever a role can become lower, with no other value', async () => {
    const { routes } = app;
    const lowering = ['removePerson', 'grantRoleToPerson', 'revokeRoleOfPerson', 'grantRoleToTeam', 'revokeRoleOfTeam'];
    const ids = [...lowering, 'deleteTeam', 'removeTeamMember', 'eraseMe'].sort();
    const taking = routes.filter(({ query }) => query && 'keys' in query.shape).map(({ operationId }) => operationId);
    expect(taking.sort()).toEqual(ids);
    expect((await remove(`/members/${ada.id}?keys=all`)).status).toBe(400);
  });
});
