// An API key that this node does not know from the log: another node may have recorded it a moment ago.
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { JournalError } from '../../src/log/journal.ts';
import { type AccountsApp, happen, startOwned } from '../support/accounts.ts';
import { id } from '../support/scenario.ts';

let app: AccountsApp;
let key: string;

beforeEach(async () => {
  app = await startOwned();
  key = (await app.identity.keys.issue({ id: id(31), organizationId: 'default' })) ?? '';
});
afterEach(async () => {
  jest.restoreAllMocks();
  await app.close();
});

const viewer = () => app.identity.policy.viewerOfKey(key);

test('is known once the log is fresh', async () => {
  const data = { keyId: id(31), name: 'Probe', role: 'viewer' } as const;
  const created = { type: 'organization.key-created', organizationId: 'default', data } as const;
  jest.spyOn(app.log, 'freshen').mockImplementationOnce(() => happen(app, 'default', [created]).then(() => true));
  expect((await viewer())?.access('default')).toBe('viewer');
});

test('is refused if a fresh log does not have it either', async () => {
  expect(await viewer()).toBeUndefined();
});

test('is not refused while nobody knows whether another node has recorded it', async () => {
  jest.spyOn(app.log, 'freshen').mockResolvedValue(false);
  await expect(viewer()).rejects.toThrow(JournalError);
});
