// Passwords: the stored form, verification, and how many are hashed at a time.
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Passwords, PasswordsBusy } from '../../src/identity/passwords.ts';
import { CHEAP, PASSWORD } from '../support/accounts.ts';

const LIMITS = { running: 2, waiting: 5 };

describe('a stored password', () => {
  test('is a PHC string with its cost and its own salt', async () => {
    const passwords = new Passwords(LIMITS, CHEAP);
    const stored = [await passwords.hash(PASSWORD), await passwords.hash(PASSWORD)];
    for (const phc of stored) expect(phc).toMatch(/^\$scrypt\$ln=1,r=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(stored[0]).not.toBe(stored[1]);
  });

  test('costs 32 MB and 2^14 rounds by default', async () => {
    expect(await new Passwords(LIMITS).hash(PASSWORD)).toContain('$ln=14,r=16,p=1$');
  });

  test('accepts the password in every Unicode composition, and no other', async () => {
    const passwords = new Passwords(LIMITS, CHEAP);
    const phc = await passwords.hash('Käsekuchen für alle');
    expect(await passwords.verify(phc, 'Käsekuchen für alle'.normalize('NFD'))).toBe('right');
    for (const other of ['', 'Kasekuchen fur alle', 'Käsekuchen für alle ', 'käsekuchen für alle']) {
      expect(await passwords.verify(phc, other)).toBe('wrong');
    }
  });

  test('with another cost is right but outdated', async () => {
    const phc = await new Passwords(LIMITS, { ...CHEAP, logN: 2 }).hash(PASSWORD);
    expect(await new Passwords(LIMITS, CHEAP).verify(phc, PASSWORD)).toBe('outdated');
    expect(await new Passwords(LIMITS, CHEAP).verify(phc, 'another password')).toBe('wrong');
  });

  test('accepts the vector of RFC 7914', async () => {
    const hash = Buffer.from('fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162', 'hex');
    const encode = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
    const phc = `$scrypt$ln=10,r=8,p=16$${encode(Buffer.from('NaCl'))}$${encode(hash)}`;
    expect(await new Passwords(LIMITS, CHEAP).verify(phc, 'password')).toBe('outdated');
  });
});

describe('without an account', () => {
  test('every password is wrong', async () => {
    const passwords = new Passwords(LIMITS, CHEAP);
    expect(await passwords.verify(undefined, randomBytes(9).toString('hex'))).toBe('wrong');
  });

  test('verification computes as much as with one', async () => {
    // So many fill every place there is; each place is one that is worked at.
    const passwords = new Passwords(LIMITS, CHEAP);
    const known = await passwords.hash(PASSWORD);
    for (const phc of [known, undefined]) {
      await passwords.verify(phc, PASSWORD);
      const tried = await Promise.allSettled(Array.from({ length: 10 }, () => passwords.verify(phc, PASSWORD)));
      expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    }
  });
});

test('a call that was refused because too many wait does not affect later ones', async () => {
  const known = await new Passwords(LIMITS, CHEAP).hash(PASSWORD);
  const passwords = new Passwords({ running: 1, waiting: 1 }, CHEAP);
  const queued = Array.from({ length: 2 }, () => passwords.hash(PASSWORD));
  await expect(passwords.verify(known, PASSWORD)).rejects.toBeInstanceOf(PasswordsBusy);
  await Promise.all(queued);
  expect(await passwords.verify(undefined, PASSWORD)).toBe('wrong');
  expect(await passwords.verify(known, PASSWORD)).toBe('right');
});

test('calls over the limit of waiting ones are refused, and the others continue', async () => {
  const passwords = new Passwords(LIMITS, CHEAP);
  const tried = await Promise.allSettled(Array.from({ length: 20 }, () => passwords.hash(PASSWORD)));
  const refused = tried.filter((each) => each.status === 'rejected');
  expect(refused).toHaveLength(13);
  for (const { reason } of refused) expect(reason).toBeInstanceOf(PasswordsBusy);
  await expect(passwords.hash(PASSWORD)).resolves.toContain('$scrypt$');
});
