// What a check has found, in sentences of the page's language.
import type { ChainHead } from '../../../projections/chain/chain.ts';
import type { ChainFault, InspectionReport } from '../../../projections/chain/inspection.ts';
import type { ChainProblem } from '../../../projections/chain/problems.ts';
import { filled } from '../../text/fill.ts';
import { grammarOf } from '../../text/grammar.ts';
import type { CheckWords, TextTemplate } from '../../text/words/words.ts';
import type { CheckEnd } from './check-export.ts';

/** The answer, and what there is to say besides. */
export interface CheckReport {
  readonly state: 'sound' | 'faulty' | 'open';
  readonly verdict: string;
  readonly more: readonly string[];
}

/** How many faults are listed. */
const LISTED = 20;

export function createTeller(words: CheckWords) {
  const { count, number } = grammarOf(words.locale);
  const records = (events: number) => count(events, words.records);

  /** `heads` are those that had to be found. */
  function tell(end: CheckEnd, heads: readonly ChainHead[]): CheckReport {
    if (end.how === 'refused') return { state: 'open', verdict: words.refused, more: [] };
    if (end.how === 'busy') {
      const seconds = count(end.wait, words.seconds);
      return { state: 'open', verdict: filled(words.busy, { seconds }), more: [] };
    }
    const { how, report } = end;
    const ended = how === 'complete' ? [] : [filled(words[how], { records: records(report.events) })];
    if (report.faultCount > 0) {
      const verdict = count(report.faultCount, words.faulty);
      return { state: 'faulty', verdict: [verdict, ...ended].join(' '), more: [...faults(report), ...rest(report)] };
    }
    if (how !== 'complete') {
      return { state: 'open', verdict: [...ended, words.soFar].join(' '), more: rest(report) };
    }
    if (report.events === 0) return { state: 'open', verdict: words.empty, more: [] };
    const verdict = filled(words.sound, { records: records(report.events) });
    const found = heads.map(({ position }) => filled(words.headFound, { position: number(position) }));
    return { state: 'sound', verdict, more: [...found, ...ends(report), ...rest(report)] };
  }

  function faults({ faults, faultCount }: InspectionReport): string[] {
    const listed = faults.slice(0, LISTED).map(faultText);
    return faultCount > LISTED ? [...listed, count(faultCount - LISTED, words.more)] : listed;
  }

  function faultText({ position, problems }: ChainFault): string {
    const text = problems.map(problemText).join(' ');
    // Which record a line would be is not known.
    const isOfLine = problems.some(({ name }) => name === 'line' || name === 'cut');
    return isOfLine ? text : filled(words.fault, { position: number(position), problem: text });
  }

  function problemText({ name, ...values }: ChainProblem): string {
    const template = (words.problems as Readonly<Record<string, TextTemplate>>)[name] ?? words.other;
    const written = Object.entries(values).map(([key, value]) => [
      key,
      typeof value === 'number' ? number(value) : String(value),
    ]);
    return filled(template, Object.fromEntries(written));
  }

  function ends({ heads }: InspectionReport): string[] {
    return Object.values(heads).map(({ position, hash }) => filled(words.ends, { position: number(position), hash }));
  }

  /** What is not plain to see, and what could not be checked. */
  function rest({ hidden, blanked, withheld }: InspectionReport): string[] {
    const counts = [
      [hidden, words.hidden],
      [blanked, words.blanked],
      [withheld, words.withheld],
    ] as const;
    return counts.filter(([events]) => events > 0).map(([events, text]) => count(events, text));
  }

  /** Of a check that goes on. */
  function progress(position: number, events: number): string {
    return filled(words.progress, { records: records(events), position: number(position) });
  }

  return { tell, progress };
}
