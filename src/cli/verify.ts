// `plive verify`: holds the log of a data directory, or an exported one, against its hash chains.
import { parseArgs } from 'node:util';
import { type Head, type VerifyReport, verify } from '../log/verify.ts';
import { exportedPages, storedPages } from './log-pages.ts';

export const VERIFY_USAGE = `plive verify [--data-dir DIR | FILE] [--head POSITION:HASH]…

Verifies the log in a data directory, also of a running server, or a file from /api/events/export.
The directory is DATA_DIR, unless told. A head is an event that must be there, as an earlier run has
printed it: without one, a tail that was cut off shows only against what the directory keeps of it.
Exit code: 0 if nothing is wrong, 1 if something is, 2 if there was nothing to verify.`;

interface Asked {
  readonly dataDir: string;
  readonly file: string | undefined;
  readonly heads: readonly Head[];
}

/** Prints what it finds. Resolves with the exit code. */
export async function verifyCommand(words: readonly string[], defaults: { dataDir: string }): Promise<number> {
  const asked = parse(words, defaults);
  if (typeof asked === 'string') return complain(`${asked}\n\nUsage: ${VERIFY_USAGE}`);
  const { file, dataDir, heads } = asked;
  const pages = file === undefined ? storedPages(dataDir) : exportedPages(file);
  if (typeof pages === 'string') return complain(pages);
  const report = await verify(pages, { partial: file !== undefined, heads });
  // A head that is not there is a fault of its own.
  if (file !== undefined && report.events === 0 && report.faultCount > heads.length) {
    return complain(`${file} is not an export of Plive: no line of it is an event.`);
  }
  console.log(written(report).join('\n'));
  return report.faultCount === 0 ? 0 : 1;
}

function complain(sentence: string): number {
  console.error(sentence);
  return 2;
}

/** A sentence where it cannot be told what is meant. */
function parse(words: readonly string[], { dataDir }: { dataDir: string }): Asked | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: { 'data-dir': { type: 'string' }, head: { type: 'string', multiple: true } },
      allowPositionals: true,
    });
    const [file, ...more] = positionals;
    if (more.length > 0) return 'One file at a time.';
    if (file !== undefined && values['data-dir'] !== undefined) return 'Either a directory or a file, not both.';
    const heads = (values.head ?? []).map(parseHead);
    const wrong = heads.indexOf(undefined);
    if (wrong >= 0) return `"${values.head?.[wrong]}" is not a head: that is POSITION:HASH, with 64 hex digits.`;
    return { file, dataDir: values['data-dir'] ?? dataDir, heads: heads.filter((head) => head !== undefined) };
  } catch (error) {
    return (error as Error).message;
  }
}

function parseHead(head: string): Head | undefined {
  const [, position, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(head) ?? [];
  return position === undefined || hash === undefined ? undefined : { position: Number(position), hash };
}

function written({ events, heads, faults, faultCount }: VerifyReport): string[] {
  const list = Object.entries(heads);
  const last = list.reduce((highest, [, { position }]) => Math.max(highest, position), 0);
  const gaps = last > events ? `, a part of the log: it has gaps` : '';
  return [
    `${counted(events, 'event')} up to position ${last}${gaps}`,
    ...list.map(([organizationId, { position, hash }]) => `head of ${organizationId}: ${position}:${hash}`),
    faultCount === 0 ? 'no faults' : counted(faultCount, 'fault'),
    ...faults.map(({ position, problem }) => `position ${position}: ${problem}`),
    ...(faultCount > faults.length ? [`and ${faultCount - faults.length} more`] : []),
  ];
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
