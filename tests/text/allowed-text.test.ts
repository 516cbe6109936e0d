// What XML forbids is replaced, and nothing else.
import { expect, test } from '@jest/globals';
import { allowedInXml } from '../../src/text/allowed-text.ts';

test.each([
  ['\u0000\u0008\u000b\u000c\u001f\ufffe\uffff', '\ufffd'.repeat(7)],
  ['a\ud800b\udc00', 'a\ufffdb\ufffd'],
  ['\t\n\r <>&]]> \u007f\u0085\ufdd0\u{1f600}\u{1fffe}\u{10ffff}', undefined],
])('%j', (text, allowed = text) => {
  expect(allowedInXml(text)).toBe(allowed);
});
