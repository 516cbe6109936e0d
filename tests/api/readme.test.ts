// The tables of src/api/README.md are those of the code. With WRITE_README=true this writes them.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PROBLEMS } from '../../src/http/problem.ts';
import type { Route } from '../../src/http/route.ts';
import { markedText, writeMarkedText } from '../support/readme.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

const README = 'src/api/README.md';

let app: StartedApp;

beforeAll(async () => {
  app = await startApp({ AUTH: 'required' });
});
afterAll(() => app.close());

test('every route is in its table, with who may use it and what it does', () => {
  const rows = app.routes.map(({ method, path, access, summary }: Route) => [
    `\`${method.toUpperCase()} ${path}\``,
    access,
    summary,
  ]);
  expectTable('routes', [['route', 'who may', 'what it does'], ...rows]);
});

test('every problem is in its table, with its status and title', () => {
  const rows = Object.entries(PROBLEMS).map(([code, { status, title }]) => [String(status), `\`${code}\``, title]);
  expectTable('problems', [['status', 'code', 'title'], ...rows]);
});

function expectTable(name: string, [head = [], ...rows]: readonly (readonly string[])[]): void {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`);
  if (process.env.WRITE_README === 'true') writeMarkedText(README, name, lines.join(''));
  expect(markedText(README, name)).toBe(lines.join(''));
}
