// A server whose log was damaged where nobody looks at the start: it serves, finds out, takes no more writes, and says why.
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DatabaseSync } from '../../../src/sqlite/driver.ts';
import { temporaryDirectory } from '../../support/journals.ts';
import { described } from '../../support/prepared.ts';
import { ask, createService, get } from '../../support/rest.ts';
import { type StartedApp, startApp } from '../../support/start-app.ts';

let directory: string;
let app: StartedApp;

const start = () => startApp({ DATABASE_URL: 'sqlite:', DATA_DIR: directory });

/** Leaves a log with a snapshot at its head. */
beforeEach(async () => {
  directory = await temporaryDirectory();
  app = await start();
  await createService(app, { name: 'Search' });
  const events = Array.from({ length: 1_000 }, (_, index) => described(`${index}`));
  const writes = [{ stream: 'service-1', expected: 'any' as const, events }];
  await app.log.append({ writes, actor: { kind: 'anonymous' }, correlationId: 'test' });
  await app.close();
});
afterEach(async () => {
  await app.close();
  await rm(directory, { recursive: true });
});

function edit(sql: string): void {
  const database = new DatabaseSync(join(directory, 'plive.db'));
  database.exec(sql);
  database.close();
}

test('writes end, health names the position, and reads go on', async () => {
  edit(`UPDATE events SET text = replace(text, '"500"', '"501"') WHERE position = 502`);
  app = await start();
  const sentence = 'The log is damaged at position 502: replace it with a backup; "npx plive verify" shows details.';
  let health = await ask(app, '/health');
  while (health.status === 200) health = await ask(app, '/health');
  expect(JSON.parse(health.text)).toMatchObject({ status: 'failing', problems: [sentence] });
  expect(health.status).toBe(503);
  const refused = await ask(app, '/api/services', { json: { name: 'Later', description: 'Too late' } });
  expect([refused.status, JSON.parse(refused.text)]).toMatchObject([503, { code: 'unavailable' }]);
  expect(await get(app, '/api/services')).toMatchObject([{ name: 'Search' }]);
  expect(app.reported).toEqual([`the log refuses new events: JournalError: ${sentence}`]);
});

/** Replaces a text in the snapshot, and seals it anew. */
function rewriteSnapshot(from: string, to: string): void {
  const database = new DatabaseSync(join(directory, 'plive.db'));
  const parts = database.prepare('SELECT part, text FROM snapshots ORDER BY part').all();
  const seal = createHash('sha256');
  const write = database.prepare('UPDATE snapshots SET text = ? WHERE part = ?');
  for (const { part, text } of parts.slice(0, -1)) {
    const changed = text.replaceAll(from, to);
    seal.update(changed);
    write.run(changed, part);
  }
  write.run(`sha256 ${seal.digest('hex')}\n`, parts.at(-1)?.part);
  database.close();
}

test('a snapshot that is not what the log gives is found, stops writes, and is gone at the next start', async () => {
  rewriteSnapshot('"Search"', '"Forged"');
  app = await start();
  expect(await get(app, '/api/services')).toMatchObject([{ name: 'Forged' }]);
  let health = await ask(app, '/health');
  while (health.status === 200) health = await ask(app, '/health');
  expect(health.body).toMatchObject({
    status: 'failing',
    problems: [
      expect.stringMatching(
        /^The snapshot at position 1001 differs from a replay of the log: services, maintenances\. Start/,
      ),
    ],
  });
  await app.close();
  app = await start();
  expect(await get(app, '/api/services')).toMatchObject([{ name: 'Search' }]);
  expect(app.reported).toEqual([]);
});

test('where the start is refused, the directory is free again', async () => {
  edit('DELETE FROM chain_heads');
  await expect(start()).rejects.toThrow('The log is damaged at position 1001: replace it with a backup');
  await expect(start()).rejects.toThrow('The log is damaged at position 1001: replace it with a backup');
});
