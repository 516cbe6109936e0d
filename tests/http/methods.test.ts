// Every path of the server takes the methods of its rows, and no other.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { v4 as newUuid } from 'uuid';
import { refused } from '../support/rest.ts';
import { sized } from '../support/size.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

let app: StartedApp;

beforeAll(async () => {
  app = await startApp();
});

afterAll(async () => {
  await app.close();
  expect(app.reported).toEqual([]);
});

/** One path in so many is asked. */
const STEP = sized(6, 1);

test('a path takes no other methods than its own, and says which', async () => {
  const id = newUuid();
  const paths = [...new Set(app.routes.map((row) => row.path))];
  const methodsOf = (path: string) =>
    app.routes
      .filter((row) => row.path === path)
      .flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
  for (const path of paths.filter((_, index) => index % STEP === 0)) {
    // `/api/incidents/preview` also fits `/api/incidents/{id}`, whose methods refuse that id.
    const fitting = paths.filter((each) => isFitting(path, each)).map(methodsOf);
    const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) => !fitting.flat().includes(method));
    for (const method of others) {
      const { headers } = await refused(app, path.replace('{id}', id), { method }, [405, 'method-not-allowed']);
      expect([path, fitting.map((own) => own.join(', '))]).toEqual([
        path,
        expect.arrayContaining([headers.get('Allow')]),
      ]);
    }
  }
});

/** Whether the path is one of those that the pattern stands for. */
function isFitting(path: string, pattern: string): boolean {
  return new RegExp(`^${pattern.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);
}
