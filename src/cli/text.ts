// Formats values, events and tables as text for people.
import { entityId } from '../../projections/events/envelope.ts';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import type { FieldChange } from '../../projections/state/field-changes.ts';

/** JSON without control characters, which could affect the terminal: text in a log can come from anyone. */
function value(of: unknown): string {
  // JSON.stringify already escapes the control characters below U+0020.
  return JSON.stringify(of ?? null).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The same text, cut to `MAX_SHORT` characters. */
function short(of: unknown): string {
  const text = value(of);
  return text.length > MAX_SHORT ? `${text.slice(0, MAX_SHORT - 1)}…` : text;
}

const MAX_SHORT = 60;

/** Rows with aligned columns. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

/** An event as one line. */
export function eventLine(event: RecordedEvent): string {
  const { position, recordedAt, type, stream, data } = event;
  const members = Object.entries(data)
    .filter(([, member]) => typeof member !== 'object' && member !== entityId(event))
    .map(([name, member]) => `${name} ${short(member)}`);
  return `${String(position).padStart(7)}  ${recordedAt}  ${type.padEnd(26)}  ${stream}  ${members.join(', ')}`.trimEnd();
}

/** The fields of an entity, one per line. */
export function fieldLines(fields: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(fields).map(([name, member]) => `    ${name}: ${value(member)}`);
}

/** The changed fields, one per line. */
export function changeLines(changes: readonly FieldChange[]): readonly string[] {
  return changes.map(({ field, from, to }) => `    ${field}: ${value(from)} → ${value(to)}`);
}

export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
