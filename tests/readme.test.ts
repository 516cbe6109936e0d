// The READMEs: the root one is short, links and paths lead to files, commands exist, and what the root one says to send works.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { EVENT_TYPES } from '../projections/events/event-types.ts';
import { CLIENT_EVENTS, SUPPORTED_EVENTS } from '../src/realtime/protocol.ts';
import { describeNeeding, hasProgram } from './support/needs.ts';
import { codeBlocks } from './support/readme.ts';
import { get } from './support/rest.ts';
import { startApp } from './support/start-app.ts';

const FOLDERS = ['src', 'projections', 'tests', 'examples'];
const READMES = [
  'README.md',
  'CHANGELOG.md',
  ...FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('README.md'))
      .map((name) => join(folder, name)),
  ),
];
const read = (file: string) => readFileSync(file, 'utf8');

describe('the root README', () => {
  const lines = read('README.md').split('\n');

  test('has at most 150 lines, none over 110 characters', () => {
    expect(lines.length).toBeLessThanOrEqual(151);
    expect(lines.filter((line) => line.length > 110)).toEqual([]);
  });

  test('says how to start and to test, and links to every other README but that of the fixtures', () => {
    expect(read('README.md')).toContain('npm ci && npm start');
    expect(read('README.md')).toContain('npm ci && npm test');
    const linked = [...read('README.md').matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target);
    const others = READMES.filter((file) => file !== 'README.md' && !file.includes('fixtures'));
    expect(linked).toEqual(expect.arrayContaining(others));
  });
});

describe.each(READMES)('%s', (file) => {
  test('has relative links that lead to files', () => {
    const targets = [...read(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const paths = targets.filter((target) => !/^(https?:|#)/.test(target)).map((target) => target.split('#')[0] ?? '');
    expect(paths.filter((path) => !existsSync(join(dirname(file), path)))).toEqual([]);
  });

  test('has links to headings that are there', () => {
    const targets = [...read(file).matchAll(/\]\(([^)\s#]*)#([^)\s]+)\)/g)].filter(([, path]) => !path?.includes(':'));
    const lost = targets.filter(([, path = '', anchor = '']) => {
      const target = path === '' ? file : join(dirname(file), path);
      return !anchorsOf(read(target)).includes(anchor);
    });
    expect(lost.map(([link]) => link)).toEqual([]);
  });

  test('has commands of npm that package.json knows', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = codeBlocks(file, 'bash').flatMap((code) => [...code.matchAll(/npm run (?:--silent )?([\w:-]+)/g)]);
    expect(named.map(([, name = '']) => name).filter((name) => !(name in scripts))).toEqual([]);
  });
});

test('the way of a command leads through files that are there', () => {
  const [, way = ''] = /^## How a command travels\n(.*?)^## /ms.exec(read('src/README.md')) ?? [];
  const paths = [...way.matchAll(/`((?:src|projections)\/[\w./-]+\.ts)`/g)].map(([, path = '']) => path);
  expect(paths.length).toBeGreaterThan(8);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});

test('decisions, promises and examples name files that are there', () => {
  const named = (file: string, folder: string, pattern: RegExp) =>
    [...read(file).matchAll(pattern)].map(([, path = '']) => join(folder, path)).filter((path) => !existsSync(path));
  expect([
    ...named('src/README.md', 'src', /^\*\*.*\(`((?!projections)[\w./-]+)`\)/gm),
    ...named('src/README.md', '', /^\*\*.*\(`(projections[\w./-]+)`\)/gm),
    ...named('tests/README.md', 'tests', /`((?:[\w-]+\/)+[\w.-]+\.ts)`/g),
    ...named('examples/README.md', '', /`(tests\/[\w./-]+)`/g),
  ]).toEqual([]);
});

test('every type of event is in the vocabulary, with its audience', () => {
  const rows = [...read('projections/README.md').matchAll(/^\| `([\w.-]+\.[\w.-]+)` \| (\w+) \|/gm)];
  const types = Object.entries(EVENT_TYPES).map(([type, { audience }]) => [type, audience]);
  expect(rows.map(([, type, audience]) => [type, audience]).sort()).toEqual(types.sort());
});

test('every event of the socket protocol is in its README', () => {
  const events = [...Object.keys(CLIENT_EVENTS), ...SUPPORTED_EVENTS.serverToClient];
  expect(events.filter((event) => !read('src/realtime/README.md').includes(`\`${event}\``))).toEqual([]);
});

describeNeeding(!hasProgram('curl') && 'there is no curl', 'the curl command of the root README', () => {
  test('creates a service', async () => {
    const app = await startApp({ SAMPLE_DATA: 'true' });
    const [command = ''] = codeBlocks('README.md', 'bash').filter((code) => code.startsWith('curl'));
    const { stdout } = await promisify(execFile)('bash', ['-c', command.replaceAll('http://localhost:5000', app.url)]);
    expect(await get(app, '/api/services')).toContainEqual(JSON.parse(stdout));
    await app.close();
  });
});

/** The anchors of the headings of a text, as GitHub makes them. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
