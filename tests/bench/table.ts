// The results as a table in Markdown, with columns that line up.
import type { Bound, Result } from './harness.ts';

const HEAD = ['row', 'floor', 'figure', 'goal', 'measured', '±', 'of both', ''];
const VERDICTS = { met: 'met', missed: '**missed**', shown: '' };

export function table(results: readonly Result[]): string {
  const rows = [HEAD, ...results.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | '));
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join(' | '));
  return lines.map((line) => `| ${line} |`).join('\n');
}

function cells(result: Result): string[] {
  const { row, floor, figure, goal, measured, noise, value, of, verdict } = result;
  const both = of === undefined ? '' : `${shown(value)} / ${shown(of)}`;
  return [row, floor, figure, goalOf(goal), shown(measured), `${Math.round(noise * 100)} %`, both, VERDICTS[verdict]];
}

function goalOf(goal: Bound | undefined): string {
  if (goal === undefined) return '';
  return 'atLeast' in goal ? `≥ ${shown(goal.atLeast)}` : `≤ ${shown(goal.atMost)}`;
}

/** With three digits that count. */
function shown(number: number): string {
  return Math.abs(number) >= 100
    ? Math.round(number).toLocaleString('en')
    : String(Number(number.toPrecision(number < 1 ? 2 : 3)));
}
