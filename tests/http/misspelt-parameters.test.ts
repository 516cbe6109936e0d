// Query parameters that are misspelt: refused by name, whether the answer is in memory or not. All others are ignored.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { meantBy } from '../../src/http/misspelt-parameters.ts';
import { ask, createService, refused } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

let app: StartedApp;

beforeAll(async () => {
  app = await startApp();
});

afterAll(async () => {
  await app.close();
  expect(app.reported).toEqual([]);
});

const KNOWN = ['organizationId', 'tenantId', 'at', 'limit', 'after', 'status', 'cursor'];

describe('a parameter is misspelt', () => {
  test.each([
    ['in another case', 'organizationID', 'organizationId'],
    ['in another case, though short', 'AT', 'at'],
    ['with a separator', 'tenant_id', 'tenantId'],
    ['with another separator', 'organization-id', 'organizationId'],
    ['as a list', 'status[]', 'status'],
    ['with a transposition, though short', 'limti', 'limit'],
    ['with a transposition at its end', 'tenantdI', 'tenantId'],
    ['with one other letter', 'organisationId', 'organizationId'],
    ['with two letters too few', 'organization', 'organizationId'],
    ['with two letters too many', 'cursoring', undefined],
    ['with one letter too many', 'cursors', 'cursor'],
    ['with two other letters', 'stotos', 'status'],
    ['in all of these ways', 'ORGANISATION_ID', 'organizationId'],
  ])('%s: %s', (_how, sent, meant) => {
    expect(meantBy(sent, KNOWN)).toBe(meant);
  });
});

describe('a parameter is only unknown', () => {
  test.each([
    '_',
    't',
    'v',
    'ts',
    'cb',
    'utm_source',
    'fbclid',
    'ref',
    'limits',
    'aft',
    'page',
    '',
    '__proto__',
    'org',
  ])('%j', (sent) => {
    expect(meantBy(sent, KNOWN)).toBeUndefined();
  });

  test('however many there are, and however long they are', () => {
    expect(meantBy('organizationId'.repeat(1_000), KNOWN)).toBeUndefined();
  });
});

test.each(KNOWN)('%s is what it is', (name) => {
  expect(meantBy(name, KNOWN)).toBeUndefined();
});

test.each([
  ['/api/services?organisationId=acme', 'organisationId', 'organizationId'],
  ['/api/incidents?tenant_id=acme', 'tenant_id', 'tenantId'],
  ['/api/status?Position=1', 'Position', 'position'],
  ['/api/events?limti=1', 'limti', 'limit'],
  ['/api/events/export?organisation%49d=acme', 'organisationId', 'organizationId'],
  ['/api/explain?service=1', 'service', 'serviceId'],
  ['/api/explain?serviceID=1', 'serviceID', 'serviceId'],
  ['/api/websocket/info?TENANTID=acme', 'TENANTID', 'tenantId'],
])('%s is refused, and says what is right', async (path, sent, meant) => {
  const { body } = await refused(app, path, {}, [400, 'invalid-request']);
  expect(body.detail).toBe(`${sent} is not known: the parameter is named ${meant}.`);
  expect(body.errors).toEqual([
    { in: 'query', pointer: `/${sent}`, detail: `is not known: the parameter is named ${meant}` },
  ]);
});

test('an answer in memory is not given for a misspelt parameter', async () => {
  await createService(app);
  for (const path of ['/api/services', '/api/services?organizationId=default']) {
    const first = await ask(app, path);
    expect(await ask(app, path)).toMatchObject({ status: 200, text: first.text });
  }
  for (const query of [
    'organisationId=acme',
    '_=1&tenantID=acme',
    'OrganizationId=default',
    'AT=x',
    'organizationId=default&tenant-id=a',
  ]) {
    await refused(app, `/api/services?${query}`, {}, [400, 'invalid-request']);
  }
});

test('what caches and browsers add does not matter', async () => {
  const { text } = await ask(app, '/api/services');
  expect(await ask(app, '/api/services?_=17&utm_source=mail&utm_campaign=x&t=9&fbclid=y')).toMatchObject({
    status: 200,
    text,
  });
});

test('what is misspelt in a name that is not shown in full is still found', async () => {
  const { body } = await refused(app, `/api/services?at${'-'.repeat(2_000)}=1`, {}, [400, 'invalid-request']);
  expect(String(body.detail).length).toBeLessThan(200);
});

test('a change says so as well', async () => {
  const json = { name: 'Search', description: 'Finds things' };
  const { body } = await refused(app, '/api/services?Strict=true', { json }, [400, 'invalid-request']);
  expect(body.detail).toBe('Strict is not known: the parameter is named strict.');
});
