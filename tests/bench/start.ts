// Benches of starts: the time to the first answer compared with a bare Express, and starts on a long log, with a
// snapshot and without.
import { execFileSync } from 'node:child_process';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { SqliteJournal } from '../../src/sqlite/journal/sqlite-journal.ts';
import { ROOT } from '../support/root.ts';
import { type Bench, counted, inTurns, type Prepared } from './harness.ts';
import { madeUpCommits } from './made-up-log.ts';
import { logDirectory, type Running, record, startFloor, startServer } from './running.ts';

const cold: Bench = {
  name: 'start',
  async prepare(): Promise<Prepared> {
    return {
      async round(turn) {
        const [server, express] = await inTurns(turn, [
          () => started(() => startServer()),
          () => started(() => startFloor('express')),
        ]);
        const line = { row: 'cold start to first answer, sample data', kind: 'wall' } as const;
        return [
          {
            ...{ ...line, floor: 'bare node and Express', figure: 'ms more', goal: { atMost: 250 } },
            value: (server.seconds - express.seconds) * 1_000,
          },
          { ...line, floor: '–', figure: 'ms', value: server.seconds * 1_000 },
        ];
      },
    };
  },
};

interface Started {
  /** Time from the start of the process to the end of its first answer. */
  readonly seconds: number;
  readonly megabytes: number;
}

/** Starts the program, requests the status, and ends the program. */
async function started(start: () => Promise<Running>, end: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<Started> {
  const begin = performance.now();
  const running = await start();
  const response = await fetch(`${running.url}/api/status`);
  await response.text();
  const seconds = (performance.now() - begin) / 1_000;
  const megabytes = (await running.memory()) / 1_024;
  await running.stop(end);
  if (!response.ok) throw new Error(`The first answer was ${response.status}.`);
  return { seconds, megabytes };
}

const longLog: Bench = {
  name: 'start-long',
  async prepare({ quick }): Promise<Prepared> {
    const events = quick ? 20_000 : 1_000_000;
    const directory = await logDirectory();
    await record(directory, madeUpCommits(events));
    // The server writes a snapshot when it closes.
    const start = () => started(() => startServer({ directory }), 'SIGTERM');
    return {
      rounds: quick ? 1 : 3,
      isCold: true,
      async round() {
        // In a new process, like the starts, so that no heap is warm.
        const scan = Number(execFileSync(execPath, [fileURLToPath(new URL('scan.js', import.meta.url)), directory]));
        await dropSnapshots(directory);
        const [without, withSnapshot] = [await start(), await start()];
        const line = { row: `start on ${counted(events)} events, no snapshot`, floor: '–' } as const;
        const memory = { ...line, figure: 'RSS MB', goal: { atMost: 400 }, kind: 'memory' } as const;
        const withOne = `start on ${counted(events)} events, a snapshot`;
        return [
          {
            ...{ ...line, floor: 'the log read and parsed', figure: 's to the first answer', kind: 'wall' },
            ...{ goal: { atMost: 2.5 }, value: without.seconds, of: scan },
          },
          { ...memory, value: without.megabytes },
          {
            ...{ ...line, row: withOne, figure: 's to the first answer', goal: { atMost: 1 }, kind: 'wall' },
            value: withSnapshot.seconds,
          },
          { ...memory, row: withOne, value: withSnapshot.megabytes },
        ];
      },
    };
  },
};

async function dropSnapshots(directory: string): Promise<void> {
  const journal = new SqliteJournal({ directory, root: ROOT });
  await journal.open();
  for (const position of await journal.snapshots.list()) await journal.snapshots.drop(position);
  await journal.close();
}

export const starts: readonly Bench[] = [cold, longLog];
