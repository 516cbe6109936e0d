// The feeds, as independent readers read them.
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseAtomFeed, parseRssFeed } from 'feedsmith';
import RssParser from 'rss-parser';
import { SaxesParser } from 'saxes';
import { describeNeeding, hasProgram } from '../support/needs.ts';
import { ask, createService, openIncident, put, remove } from '../support/rest.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

/** Each is taken by the API. U+FFFE and U+FFFF are none of XML, and `]]>` ends a CDATA section. */
const UGLY = [
  'a ]]> b ]]> c',
  'non\ufffecharacters\uffff',
  '<script>alert(1)</script> & &amp; &#0; <![CDATA[x]]>',
  '😀 👩‍👩‍👧 \u05e9\u05dc\u05d5\u05dd \u202eabc\u202c',
  `${'Wort'.repeat(30)}`,
  '"quoted" \'single\' `code` \\ % \u0301',
];
/** Taken where a text may have several lines. */
const LINES = 'first\r\nsecond\ttabbed\n\n    code ]]> ]]>\n\n[a](https://example.org/?a=1&b=2 "t") <b>not bold</b>';

const NOW = new Date('2026-11-29T09:42:00.000Z');
let app: StartedApp;
let service: string;
const incidents: string[] = [];
beforeAll(async () => {
  app = await startApp({ RATE_LIMIT: '0' }, { now: () => NOW });
  service = (await createService(app, { name: `Files ${UGLY.join(' ').slice(0, 150)}` })).id;
  await put(app, '/api/page/settings', { name: 'A ]]> ]]> \ufffe & <b>', locale: 'de' });
  for (const [index, title] of UGLY.entries()) {
    const startedAt = new Date(NOW.getTime() - (10 + index) * 60_000).toISOString();
    const description = `${title}\n\n${LINES}`;
    const { id } = await openIncident(app, { title, description, startedAt, affectedServices: [service] });
    await ask(app, `/api/incidents/${id}/updates`, { json: { status: 'identified', message: `${LINES}\n\n${title}` } });
    incidents.push(id);
  }
});
afterAll(() => app.close());

const read = async (path: string) => ask(app, path);
/** As XML can say them. */
const allowed = (text: string) => text.replace(/[\ufffe\uffff]/g, '\ufffd');
const titles = UGLY.map(allowed);
const ids = () => incidents.map((id) => `urn:uuid:${id}`);

/** The whole text is read strictly: anything that is not well-formed throws. */
function textsOf(xml: string, name: string): string[] {
  const texts: string[] = [];
  let open: string | undefined;
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    open = tag.name;
    if (open === name) texts.push('');
  });
  parser.on('closetag', () => {
    open = undefined;
  });
  const add = (text: string) => {
    if (open === name) texts.push((texts.pop() ?? '') + text);
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.write(xml).close();
  return texts.map((text) => text.trim());
}

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly content_html: string;
}

/** What feedsmith reads. */
function atomIn(text: string) {
  const { entries = [] } = parseAtomFeed(text);
  return {
    ids: entries.map(({ id }) => id),
    titles: entries.map(({ title }) => title?.value),
    html: entries.map(({ content }) => content?.value),
  };
}

function rssIn(text: string) {
  const { items = [] } = parseRssFeed(text);
  return {
    ids: items.map(({ guid }) => guid?.value),
    titles: items.map(({ title }) => title),
    html: items.map(({ description }) => description),
  };
}

const places = ['/feed', '/services/{service}/feed'];

describe.each(places)('%s', (place) => {
  const at = (ending: string) => place.replace('{service}', service) + ending;

  test.each(['.atom', '.rss'])('%s is well-formed, and says the same to three parsers', async (ending) => {
    const { text, headers } = await read(at(ending));
    expect(headers.get('Content-Type')).toMatch(/^application\/(atom|rss)\+xml; charset=utf-8$/);
    const entries = JSON.parse((await read(at('.json'))).text).items as Entry[];
    const html = entries.map(({ content_html }) => content_html);
    expect(textsOf(text, 'title').slice(1)).toEqual(titles);
    expect(textsOf(text, ending === '.atom' ? 'content' : 'description').slice(-UGLY.length)).toEqual(html);
    expect(ending === '.atom' ? atomIn(text) : rssIn(text)).toEqual({ ids: ids(), titles, html });
    const { items } = await new RssParser().parseString(text);
    expect(items.map((item) => item.guid ?? item.id)).toEqual(ids());
    expect(items.map(({ title }) => title)).toEqual(titles);
    expect(items.map(({ content }) => content)).toEqual(html);
  });

  test('.json says the same', async () => {
    const { text, headers } = await read(at('.json'));
    expect(headers.get('Content-Type')).toBe('application/feed+json');
    const { items, ...feed } = JSON.parse(text);
    expect(feed).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      language: 'de',
      authors: [{ name: 'A ]]> ]]> \ufffd & <b>' }],
    });
    expect(feed.feed_url).toMatch(new RegExp(`^http://.*${at('.json')}$`));
    expect(items.map(({ id }: { id: string }) => id)).toEqual(ids());
    expect(items.map(({ title }: { title: string }) => title)).toEqual(titles);
    for (const { content_html: html, date_modified: modified, url } of items) {
      expect(html).toContain('first<br/>second');
      expect(html).not.toMatch(/<script|<b>/);
      expect(modified).toBe(NOW.toISOString());
      expect(url).toMatch(/^http:\/\/.*\/incidents\//);
    }
  });
});

describeNeeding(!hasProgram('xmllint') && 'xmllint (libxml2-utils) is not installed', 'xmllint', () => {
  test.each(['.atom', '.rss'])('finds nothing wrong with %s', async (ending) => {
    const { text: input } = await read(`/feed${ending}`);
    const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '-'], { input, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});

test('Atom has what RFC 4287 asks for: ids, titles as text, times, authors, and links to itself and to its page', async () => {
  const { text } = await read('/feed.atom');
  const [head = ''] = text.split('<entry>');
  expect(head).toMatch(/<feed [^>]*xml:lang="de"/);
  expect(textsOf(`${head}</feed>`, 'id')).toEqual([expect.stringMatching(/^urn:uuid:/)]);
  expect(textsOf(`${head}</feed>`, 'name')).toEqual(['A ]]> ]]> \ufffd & <b>']);
  expect(head).toMatch(/<link rel="self" [^>]*href="http:[^"]*\/feed.atom"/);
  expect(head).toMatch(/<link rel="alternate" [^>]*href="http:[^"]*\/"/);
  expect([...text.matchAll(/<title type="text">/g)]).toHaveLength(UGLY.length + 1);
  expect(textsOf(text, 'updated')).toEqual(Array(UGLY.length + 1).fill(NOW.toISOString()));
});

describe('what a feed lists', () => {
  const entries = async (path: string) => JSON.parse((await read(path)).text).items as Entry[];

  test('one service has its own: nothing else is in it, and it ends with the service', async () => {
    const { id } = await createService(app, { name: 'Mail' });
    const path = `/services/${id}/feed.json`;
    expect(await entries(path)).toEqual([]);
    const { id: incident } = await openIncident(app, { title: 'No mail', affectedServices: [id] });
    expect(await entries(path)).toMatchObject([{ id: `urn:uuid:${incident}`, tags: ['Mail'] }]);
    await remove(app, `/api/services/${id}`);
    expect((await read(path)).status).toBe(404);
  });

  test('maintenance says when; of a series only the next one is there', async () => {
    const json = {
      title: 'Weekly restart',
      description: 'Short.',
      startsAt: '2026-12-03T22:00',
      endsAt: '2026-12-03T23:00',
      timeZone: 'Europe/Berlin',
      recurrence: 'FREQ=WEEKLY;COUNT=4',
    };
    const { status } = await ask(app, '/api/maintenances', { json });
    expect(status).toBe(201);
    const found = (await entries('/feed.json')).filter(({ title }) => title === 'Weekly restart');
    expect(found).toHaveLength(1);
    expect(found[0]?.content_html).toContain('<strong>Geplant</strong>');
    expect(found[0]?.content_html).toMatch(/Geplant für: .*3\. Dez.* UTC/);
  });

  test('an update changes the entry, and neither its id nor its place', async () => {
    const [before] = (await entries('/feed.json')).slice(-1);
    const id = before?.id.replace('urn:uuid:', '');
    await ask(app, `/api/incidents/${id}/updates`, { json: { status: 'resolved', message: 'All **done**.' } });
    const [after] = (await entries('/feed.json')).slice(-1);
    expect(after?.id).toBe(before?.id);
    expect(after?.content_html).toMatch(/^<p><strong>Behoben<\/strong>.*<p>All <strong>done<\/strong>\.<\/p>/);
  });

  test('an entry tells its newest updates, and how many came before', async () => {
    const { id } = await openIncident(app, { title: 'Many updates' });
    for (let count = 1; count <= 25; count += 1) {
      const json = { status: 'investigating', message: `Update ${count}.` };
      await ask(app, `/api/incidents/${id}/updates`, { json });
    }
    const html = (await entries('/feed.json')).find(({ title }) => title === 'Many updates')?.content_html ?? '';
    expect(html).toContain('Update 25.');
    expect(html.match(/Update/g)).toHaveLength(20);
    expect(html).toContain('6 frühere Meldungen');
  });

  test('the oldest entries say only how it stands once the others have told much', async () => {
    for (let count = 1; count <= 11; count += 1) {
      const startedAt = new Date(NOW.getTime() - (12 - count) * 1_000).toISOString();
      await openIncident(app, { title: `Long ${count}`, description: 'Words '.repeat(1_660), startedAt });
    }
    const long = (await entries('/feed.json')).filter(({ title }) => title.startsWith('Long'));
    const told = long.filter(({ content_html: html }) => html.includes('Words')).map(({ title }) => title);
    expect(told).toEqual(['Long 11', 'Long 10', 'Long 9', 'Long 8', 'Long 7', 'Long 6', 'Long 5', 'Long 4']);
    expect(long.at(-1)?.content_html).toContain('1 frühere Meldung');
  });

  test('nobody is told more than fifty', async () => {
    for (let count = 0; count < 50; count += 1) await openIncident(app, { title: `Small ${count}` });
    expect(await entries('/feed.json')).toHaveLength(50);
  });
});

test('what a feed costs to be made anew is paid by whoever asks for it', async () => {
  const limited = await startApp({ RATE_LIMIT: '15', TRUST_PROXY: '1' });
  try {
    const asked: string[] = [];
    for (let count = 0; count < 12; count += 1) {
      const writer = { 'X-Forwarded-For': `10.${count}.0.1` };
      const json = { title: `Incident ${count}`, description: '"'.repeat(9_900) };
      expect((await ask(limited, '/api/incidents', { json, headers: writer })).status).toBe(201);
      const { status, text } = await ask(limited, '/feed.atom', { headers: { 'X-Forwarded-For': '10.99.0.1' } });
      asked.push(status === 200 ? 'made' : JSON.parse(text).code);
    }
    expect(asked[0]).toBe('made');
    expect(asked.at(-1)).toBe('too-costly');
  } finally {
    await limited.close();
  }
});
