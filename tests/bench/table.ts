// Formats the results as a Markdown table: one line per row, with all its figures.
import type { Bound, Result } from './harness.ts';

const HEAD = ['what', 'result, relative to a minimal Node program that does the same (goal ± noise of the rounds)'];

export function table(results: readonly Result[]): string {
  const rows = [...new Set(results.map(({ row }) => row))];
  const lines = rows.map((row) => [row, figures(results.filter((result) => result.row === row))]);
  return [HEAD, HEAD.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The figures of a row. A floor is named only if it differs from that of the previous figure. */
function figures(results: readonly Result[]): string {
  return results
    .map((result, index) => {
      const isNamed = result.floor !== results[index - 1]?.floor;
      return figure(result, isNamed ? ` of ${result.floor}` : '');
    })
    .join(' · ');
}

function figure({ figure, value, of, measured, goal, noise, verdict }: Result, floor: string): string {
  const ratio = of === undefined ? '' : `: ${shown(measured)}${floor}`;
  const bound = goal === undefined ? '' : ` (${goalOf(goal)} ± ${Math.round(noise * 100)} %)`;
  return `${shown(value)} ${figure}${ratio}${bound}${verdict === 'missed' ? ' **missed**' : ''}`;
}

function goalOf(goal: Bound): string {
  return 'atLeast' in goal ? `≥ ${shown(goal.atLeast)}` : `≤ ${shown(goal.atMost)}`;
}

/** A number with three significant digits. */
function shown(number: number): string {
  return Math.abs(number) >= 100
    ? Math.round(number).toLocaleString('en')
    : String(Number(number.toPrecision(Math.abs(number) < 1 ? 2 : 3)));
}
