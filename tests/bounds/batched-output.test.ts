// What is gathered is written once a turn, all of it and in its order.
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { batched } from '../../src/bounds/batched-output.ts';

test('what comes in one turn of the loop is written at once, and what comes in the next one then', async () => {
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
