// The lines of an export: what each may have, and that anything else is no event.
import { describe, expect, test } from '@jest/globals';
import { parseExportLine } from '../../../projections/chain/export-line.ts';

const HASH = 'a'.repeat(64);
const HASHED = { position: 7, recordedAt: '2026-01-01T00:00:00.000Z', hash: HASH };

const read = (members: unknown) => parseExportLine(JSON.stringify(members));

describe('it is an event', () => {
  test.each([
    ['with both texts', { text: '{}', meta: '{}' }],
    ['with a digest of its meta', { text: '{}', metaDigest: HASH }],
    ['with digests and its organisation', { organizationId: 'acme', textDigest: HASH, metaDigest: HASH }],
    ['that was blanked', { text: '{}', textDigest: HASH, metaDigest: HASH }],
    ['that is withheld, with its text', { text: '{}', withheld: true }],
    ['that is withheld, without', { organizationId: 'acme', withheld: true }],
  ])('%s', (_, texts) => {
    expect(read({ ...HASHED, ...texts })).toEqual({ ...HASHED, ...texts });
  });

  test('without what no export has', () => {
    expect(read({ ...HASHED, text: '{}', metaDigest: HASH, organizationId: 'acme', more: 1 })).toEqual({
      ...HASHED,
      text: '{}',
      metaDigest: HASH,
    });
  });
});

describe('it is no event', () => {
  const SOUND = { ...HASHED, text: '{}', meta: '{}' };
  test.each([
    ['with a position that is none', { ...SOUND, position: 0 }],
    ['with a part of a position', { ...SOUND, position: 1.5 }],
    ['with a position as text', { ...SOUND, position: '7' }],
    ['without a time', { ...SOUND, recordedAt: undefined }],
    ['with a hash in capitals', { ...SOUND, hash: 'A'.repeat(64) }],
    ['with a hash that is too short', { ...SOUND, hash: 'a'.repeat(63) }],
    ['with a text that is none', { ...SOUND, text: {} }],
    ['with a digest that is none, beside its text', { ...SOUND, textDigest: 'a' }],
    ['without a text and its digest', { ...HASHED, organizationId: 'acme', meta: '{}' }],
    ['without an organisation and a text', { ...HASHED, textDigest: HASH, meta: '{}' }],
    ['without a meta and its digest', { ...HASHED, text: '{}' }],
    ['that is withheld and of nobody', { ...HASHED, withheld: true, metaDigest: HASH }],
    ['that is withheld by another word', { ...HASHED, text: '{}', withheld: 'yes' }],
    ['that is null', null],
    ['that is a list', []],
    ['that is a number', 7],
  ])('%s', (_, members) => {
    expect(read(members)).toBeUndefined();
  });

  test.each(['', '\n', '{"position":7', `${JSON.stringify(SOUND)}x`])('where it is not JSON: %j', (line) => {
    expect(parseExportLine(line)).toBeUndefined();
  });
});
