// `plive export`: writes the log, or a part of it, exactly as stored.
import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { exportLine } from '../log/exported-event.ts';
import type { StoredEvent } from '../log/journal.ts';
import { syncFile } from '../sqlite/log-file.ts';
import { PRIVATE_FILE } from '../sqlite/private-files.ts';
import { expectArguments, parseArguments, wholeNumber } from './arguments.ts';
import { withLog } from './source.ts';
import { counted } from './text.ts';
import type { Verb } from './verb.ts';

export const exportVerb: Verb = {
  name: 'export',
  summary: 'Write the log as NDJSON',
  usage: `plive export [--organization ID] [--after N] [--until N] [--out FILE] [--json] [--data-dir DIR]

Writes one event per line, exactly as stored, with chain hashes: what /api/events/export gives to members. Accounts are
not included. --out writes to a file, which is complete and synced to disk or not there at all; without it, to stdout.
--json prints a summary of the file as JSON.`,
  async run(args, { dataDir, root, print, progress }) {
    const { values, positionals } = parseArguments(args, {
      'data-dir': { type: 'string' },
      organization: { type: 'string' },
      after: { type: 'string' },
      until: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean' },
    });
    expectArguments(positionals);
    const { organization, out } = values;
    const after = wholeNumber('after', values.after) ?? 0;
    const until = wholeNumber('until', values.until) ?? Number.MAX_SAFE_INTEGER;
    return withLog({ directory: values['data-dir'] ?? dataDir, root }, async ({ head, scan }) => {
      const pages = lines(scan({ after, until: Math.min(until, head) }), organization);
      if (out === undefined) {
        for await (const { text } of pages) await print(text);
        return 0;
      }
      let events = 0;
      await writeWhole(out, async (write) => {
        for await (const page of pages) {
          await write(page.text);
          events += page.events;
          progress.show('Exporting', page.position, head);
        }
      });
      const report = { file: out, events };
      await print(values.json ? `${JSON.stringify(report)}\n` : `${counted(events, 'event')} exported to ${out}\n`);
      return 0;
    });
  },
};

/** The exported events of one page. */
interface Lines {
  readonly text: string;
  readonly events: number;
  /** Position of the last event in the page, exported or not. */
  readonly position: number;
}

async function* lines(
  pages: AsyncIterable<readonly StoredEvent[]>,
  organization: string | undefined,
): AsyncGenerator<Lines> {
  for await (const page of pages) {
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
