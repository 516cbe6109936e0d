// `plive export`: writes the log, or a part of it, exactly as stored.
import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { exportLine } from '../log/exported-event.ts';
import { syncFile } from '../sqlite/log-file.ts';
import { PRIVATE_FILE } from '../sqlite/private-files.ts';
import { expectArguments, parseArguments, wholeNumber } from './arguments.ts';
import { STORAGE, withStorage } from './open-storage.ts';
import type { StoredLog } from './storage.ts';
import { counted } from './text.ts';
import type { Surroundings, Verb } from './verb.ts';

export const exportVerb: Verb = {
  name: 'export',
  summary: 'Write the log as NDJSON',
  usage: `plive export [--organization ID] [--after N] [--until N] [--out FILE] [--json]
             [--data-dir DIR | --database URL]

Writes one event per line, exactly as stored, with chain hashes: what /api/events/export gives to members. Accounts are
not included. --out writes to a file, which is complete and synced to disk or not there at all; without it, to stdout.
--json prints a summary of the file as JSON.`,
  async run(args, surroundings) {
    const { values, positionals } = parseArguments(args, {
      ...STORAGE,
      organization: { type: 'string' },
      after: { type: 'string' },
      until: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean' },
    });
    expectArguments(positionals);
    const { out, json = false } = values;
    const selection = {
      organization: values.organization,
      after: wholeNumber('after', values.after) ?? 0,
      until: wholeNumber('until', values.until) ?? Number.MAX_SAFE_INTEGER,
    };
    return withStorage(values, surroundings, (storage) =>
      storage.withLog((log) => {
        const pages = lines(log, selection);
        return out === undefined
          ? toStdout(pages, surroundings)
          : toFile(pages, { out, json, head: log.head }, surroundings);
      }),
    );
  },
};

interface Selection {
  readonly organization: string | undefined;
  readonly after: number;
  readonly until: number;
}

type Pages = AsyncIterable<Lines>;

async function toStdout(pages: Pages, { print }: Surroundings): Promise<number> {
  for await (const { text } of pages) await print(text);
  return 0;
}

interface File {
  readonly out: string;
  readonly json: boolean;
  readonly head: number;
}

async function toFile(pages: Pages, { out, json, head }: File, { print, progress }: Surroundings): Promise<number> {
  let events = 0;
  await writeWhole(out, async (write) => {
    for await (const page of pages) {
      await write(page.text);
      events += page.events;
      progress.show('Exporting', page.position, head);
    }
  });
  await print(json ? `${JSON.stringify({ file: out, events })}\n` : `${counted(events, 'event')} exported to ${out}\n`);
  return 0;
}

/** The exported events of one page. */
interface Lines {
  readonly text: string;
  readonly events: number;
  /** Position of the last event in the page, exported or not. */
  readonly position: number;
}

async function* lines({ head, scan }: StoredLog, { organization, after, until }: Selection): AsyncGenerator<Lines> {
  for await (const page of scan({ after, until: Math.min(until, head) })) {
    const selected = page.filter(({ organizationId }) => organization === undefined || organizationId === organization);
    const text = selected.map((event) => exportLine(event, { text: true, meta: true })).join('');
    yield { text, events: selected.length, position: page.at(-1)?.position ?? 0 };
  }
}

/**
 * Replaces the file after everything is written and synced. Until then, and if writing fails, the previous file stays.
 */
async function writeWhole(
  path: string,
  fill: (write: (text: string) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  const file = await open(part, 'wx', PRIVATE_FILE);
  try {
    await fill((text) => file.appendFile(text));
    await file.sync();
    await file.close();
    await rename(part, path);
    syncFile(dirname(resolve(path)));
  } catch (error) {
    await file.close();
    await rm(part, { force: true });
    throw error;
  }
}
