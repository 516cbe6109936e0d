// Prints the seconds to read a log and parse its events, the minimum of every replay: node build/tests/bench/scan.js
// DIRECTORY
import { argv } from 'node:process';
import { decode } from '../../src/log/encoding.ts';
import { SqliteJournal } from '../../src/sqlite/journal/sqlite-journal.ts';
import { ROOT } from '../support/root.ts';

const journal = new SqliteJournal({ directory: argv[2] ?? '', root: ROOT });
const begin = performance.now();
await journal.open();
for await (const page of journal.scan({ after: 0 })) page.map(decode);
console.log((performance.now() - begin) / 1_000);
await journal.close();
