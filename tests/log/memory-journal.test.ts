// The memory journal under the contract of all journals.
import { expect, test } from '@jest/globals';
import { MemoryJournal } from '../../src/log/memory-journal.ts';
import { memoryStorage } from '../support/journals.ts';
import { journalContract } from './journal.contract.ts';

journalContract('MemoryJournal', memoryStorage);

test('it says that it is not durable', () => {
  expect(new MemoryJournal({ now: () => new Date() }).capabilities.durable).toBe(false);
});
