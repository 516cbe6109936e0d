// Batched output is written once per turn of the event loop, completely and in order.
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { batched } from '../../src/bounds/batched-output.ts';

test('the text of one turn is written together, and that of the next turn separately', async () => {
  const written: string[] = [];
  const output = batched({ write: (text) => written.push(text) });
  output.write('a\n');
  output.write('b\n');
  expect(written).toEqual([]);
  await turn();
  expect(written).toEqual(['a\nb\n']);
  output.write('c\n');
  await turn();
  await turn();
  expect(written).toEqual(['a\nb\n', 'c\n']);
});
