// Who reads a page, by the query, the cookies and `Accept-Language`.
import { describe, expect, test } from '@jest/globals';
import { type Reader, readerKey, readerOf } from '../../../src/http/browsers/reader.ts';

interface Sent {
  readonly lang?: unknown;
  readonly cookie?: string;
  readonly accepted?: string;
}

function read({ lang, cookie, accepted }: Sent): Reader {
  return readerOf({ ...(cookie ? { cookie } : {}), ...(accepted ? { 'accept-language': accepted } : {}) }, lang);
}

describe('the language of a reader', () => {
  test.each<[Sent, Reader['language']]>([
    [{}, undefined],
    [{ lang: 'de' }, 'de'],
    [{ lang: 'de-AT' }, 'de'],
    [{ lang: 'xx', cookie: 'lang=de' }, 'de'],
    [{ lang: ['de', 'en'] }, undefined],
    [{ lang: 'en', cookie: 'lang=de', accepted: 'de' }, 'en'],
    [{ cookie: 'lang=de', accepted: 'en' }, 'de'],
    [{ cookie: 'a=b; lang=de; theme=dark', accepted: 'en' }, 'de'],
    [{ cookie: 'lang=de-AT', accepted: 'en' }, 'en'],
    [{ cookie: 'lang=DE', accepted: 'en' }, 'en'],
    [{ cookie: 'lang=%64e', accepted: 'en' }, 'en'],
    [{ cookie: 'xlang=de' }, undefined],
    [{ accepted: 'de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7' }, 'de'],
    [{ accepted: 'fr, de;q=0.5, en;q=0.6' }, 'en'],
    [{ accepted: 'de;q=0, en;q=0.1' }, 'en'],
    [{ accepted: 'de ; Q=0.2 , en ; q=0.3' }, 'en'],
    [{ accepted: 'de;q=x, en;q=2' }, undefined],
    [{ accepted: '*' }, undefined],
    [{ accepted: '*, de;q=0.1' }, 'de'],
    [{ accepted: 'fr' }, undefined],
    [{ accepted: ',;,' }, undefined],
    [{ accepted: `${'fr,'.repeat(1_000)}de` }, 'de'],
  ])('of %j is %j, each time', (sent, language) => {
    expect([read(sent).language, read(sent).language]).toEqual([language, language]);
  });
});

describe('the theme of a reader', () => {
  test.each<[string | undefined, Reader['theme']]>([
    [undefined, undefined],
    ['theme=dark', 'dark'],
    ['theme=light; lang=de', 'light'],
    ['theme=system', undefined],
    ['theme=Dark', undefined],
    ['theme=dark%20', undefined],
    ['mytheme=dark', undefined],
    ['__proto__=dark', undefined],
  ])('with the cookies %j is %j', (cookie, theme) => {
    expect(read(cookie === undefined ? {} : { cookie }).theme).toBe(theme);
  });
});

test('the key is the same for readers who get the same page', () => {
  const keys = [
    ...[{}, { accepted: 'fr' }, { cookie: 'a=b' }],
    ...[{ lang: 'de' }, { accepted: 'de-AT' }],
    ...[{ cookie: 'theme=dark' }, { cookie: 'theme=dark; lang=de' }],
  ].map((sent) => readerKey(read(sent)));
  expect(keys).toEqual(['-', '-', '-', 'de-', 'de-', '-dark', 'de-dark']);
});
