// The template of the sample data.
import type { Write } from '../../log/commit.ts';
import { TEMPLATE } from './ids.ts';
import { place, write } from './writing.ts';

export function templateWrite(): Write {
  const data = {
    title: '{{service}} is slow',
    text: 'Since {{time}}, {{service}} answers more slowly than usual. We are looking into it.',
    impact: 'minor',
    status: 'investigating',
    affectedServiceIds: [],
    impacts: {},
    nextUpdateMinutes: 30,
    rank: 'a0',
  } as const;
  return write(`template-${TEMPLATE}`, [{ type: 'template.created', ...place, data }]);
}
