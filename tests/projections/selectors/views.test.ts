// What each page is made from: one question, plain data, and a frame that contradicts no other.
import { expect, test } from '@jest/globals';
import { selectOrganizationsView } from '../../../projections/selectors/organizations-view.ts';
import { answerPast } from '../../../src/read-models/past-answer.ts';
import { questionOf } from '../../../src/read-models/past-question.ts';
import { selectView, type ViewAsked } from '../../../src/read-models/views.ts';
import { after, minute, opened, planned, reported, service } from '../../support/page-events.ts';
import { anyone, id, recordedAt } from '../../support/scenario.ts';

const models = after(
  service(1, 'API'),
  service(2, 'Mail'),
  opened(9, { impacts: { [id(1)]: 'major' } }),
  planned(11),
  reported(2, 'degraded'),
);

const organizationId = 'default';
const ALL: readonly ViewAsked[] = [
  { view: 'status', organizationId },
  { view: 'incident', organizationId, id: id(9) },
  { view: 'maintenance', organizationId, id: id(11) },
  { view: 'maintenances', organizationId },
  { view: 'service', organizationId, id: id(1) },
  { view: 'history', organizationId },
  { view: 'uptime', organizationId },
];

test.each(ALL)('the page $view is plain data, in the same frame as the status page', (asked) => {
  const view = selectView(models, anyone, asked, minute(30));
  const status = selectView(models, anyone, { view: 'status', organizationId }, minute(30));
  expect(JSON.parse(JSON.stringify(view))).toEqual(view);
  expect(view?.frame).toEqual(status?.frame);
  expect(view?.validUntil).not.toBeNull();
});

async function then(asked: ViewAsked, viewer = anyone, gone: readonly string[] = []) {
  const question = questionOf({ view: { ...asked, time: recordedAt(30) } }, 5, viewer);
  const answer = answerPast(models, question, async (_kind, ids) => new Set(ids.filter((each) => gone.includes(each))));
  let text = '';
  for (let next = await answer.next(); ; next = await answer.next()) {
    if (next.done) return { view: JSON.parse(text), position: next.value.position };
    text += next.value;
  }
}

test.each(ALL)('the past has the page $view too, which time does not change', async (asked) => {
  const present = selectView(models, anyone, asked, { ...minute(30), isLive: false });
  expect(await then(asked)).toEqual({ view: JSON.parse(JSON.stringify(present)), position: 5 });
});

const stranger = { ...anyone, organizations: ['default'], access: () => 'public' as const };

test('in the past only members see what was deleted since', async () => {
  const asked = { view: 'incident', organizationId, id: id(9) } as const;
  expect(await then(asked, stranger, [id(9)])).toEqual({ view: null, position: 0 });
  expect((await then(asked, anyone, [id(9)])).view).toMatchObject({ view: 'incident' });
});

test('a question about an organisation that the viewer may not see is about the time before all events', () => {
  const nobody = { ...anyone, organizations: [], access: () => 'none' as const };
  const question = questionOf({ view: { view: 'uptime', organizationId, time: recordedAt(30) } }, 5, nobody);
  expect(question.position).toBe(0);
});

test('the uptime page has the figures of three windows, of services, groups and all together', () => {
  const group = id(20);
  const grouped = after(
    service(1, 'API'),
    service(2, 'Mail'),
    { stream: `group-${group}`, type: 'group.created', data: { name: 'Core', description: '', display: 'expanded' } },
    { stream: `service-${id(1)}`, type: 'service.placed', data: { groupId: group, rank: 'a' } },
    reported(1, 'major'),
    reported(1, 'operational'),
  );
  const view = selectView(grouped, anyone, { view: 'uptime', organizationId }, minute(61));
  expect(view).toMatchObject({
    policy: 'statuspage-1',
    days: [90, 30, 365],
    figures: [99.16, 99.16, 99.16],
    groups: [
      { name: 'Core', figures: [98.33, 98.33, 98.33], services: [{ name: 'API', figures: [98.33, 98.33, 98.33] }] },
    ],
    services: [{ name: 'Mail', figures: [100, 100, 100] }],
  });
});

test('the list of organisations has the public ones that the viewer sees, and how they are', () => {
  const created = (number: number, visibility: 'public' | 'private') =>
    ({
      stream: `organization-${id(number)}`,
      type: 'organization.created',
      organizationId: id(number),
      data: { name: `Acme ${number}`, slug: `acme-${number}`, visibility },
    }) as const;
  const organizations = after(created(81, 'public'), created(82, 'private'), {
    ...opened(9, { impact: 'critical' }),
    organizationId: id(81),
  });
  expect(selectOrganizationsView(organizations, anyone)).toEqual({
    organizations: [{ id: id(81), slug: 'acme-81', name: 'Acme 81', status: 'major' }],
  });
});
