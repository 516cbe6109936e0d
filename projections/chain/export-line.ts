// Reads a line of an export. Without zod, so that a browser can read lines too, and because an export has very many.
import type { ExportedEvidence } from './evidence.ts';

type Members = Readonly<Record<string, unknown>>;

const HASH = /^[0-9a-f]{64}$/;

/** The event of a line, without members that no export has; `undefined` if the line is not an event. */
export function parseExportLine(line: string): ExportedEvidence | undefined {
  const members = membersOf(line);
  const { position, recordedAt, hash } = members;
  if (!isPosition(position) || typeof recordedAt !== 'string' || !isHash(hash)) return undefined;
  const hashed = { position, recordedAt, hash };
  if (members.withheld === true) {
    const named = textOf(members) ?? organizationOf(members);
    return named && { ...hashed, withheld: true, ...named };
  }
  const text = checkableText(members);
  const meta = checkableMeta(members);
  return text && meta && { ...hashed, ...text, ...meta };
}

/** None for what is no JSON object. */
function membersOf(line: string): Members {
  try {
    return JSON.parse(line) ?? {};
  } catch {
    return {};
  }
}

function textOf({ text }: Members) {
  return typeof text === 'string' ? { text } : undefined;
}

function organizationOf({ organizationId }: Members) {
  return typeof organizationId === 'string' ? { organizationId } : undefined;
}

function checkableText(members: Members) {
  const { textDigest } = members;
  const text = textOf(members);
  if (text && textDigest === undefined) return text;
  const named = text ?? organizationOf(members);
  return named && isHash(textDigest) ? { ...named, textDigest } : undefined;
}

function checkableMeta({ meta, metaDigest }: Members) {
  if (typeof meta === 'string') return { meta };
  return isHash(metaDigest) ? { metaDigest } : undefined;
}

function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && HASH.test(value);
}
