// The page of an incident: steps, which services since when, and who sees it at all.
import { describe, expect, test } from '@jest/globals';
import type { Models } from '../../../projections/models.ts';
import { type IncidentView, selectIncidentView } from '../../../projections/selectors/incident-view.ts';
import { after, minute, opened, posted, service } from '../../support/page-events.ts';
import { anyone, id, recordedAt } from '../../support/scenario.ts';

const FILES = id(1);
const MEDIA = id(2);
const services = [service(1, 'Files'), service(2, 'Media'), service(3, 'Mail')];

const asked = { organizationId: 'default', id: id(9) };
function viewOf(models: Models, more: Partial<Parameters<typeof selectIncidentView>[2]> = {}): IncidentView {
  const view = selectIncidentView(models, anyone, { ...asked, ...more }, minute(30));
  if (!view) throw new Error('There is no such page.');
  return view;
}

const going = after(
  ...services,
  opened(9, { impacts: { [FILES]: 'degraded' }, nextUpdateBy: recordedAt(40) }, { occurredAt: recordedAt(1) }),
  posted(9, 91, { impacts: { [FILES]: 'partial', [MEDIA]: 'degraded' }, nextUpdateBy: recordedAt(45) }),
  posted(9, 92, { impacts: { [MEDIA]: 'degraded' } }),
);

describe('an incident that goes on', () => {
  const view = viewOf(going);

  test('has come as far as its steps say, and to which when', () => {
    expect(view.steps).toEqual([
      { status: 'investigating', at: recordedAt(1), isTaken: true },
      { status: 'identified', at: recordedAt(5), isTaken: true },
      { status: 'monitoring', at: null, isTaken: false },
      { status: 'resolved', at: null, isTaken: false },
    ]);
  });

  test('affects services since it first said so, until it last did', () => {
    expect(view.affected).toEqual([
      { serviceId: FILES, name: 'Files', status: 'partial', from: recordedAt(1), to: recordedAt(6) },
      { serviceId: MEDIA, name: 'Media', status: 'degraded', from: recordedAt(5), to: null },
    ]);
    expect([view.worst, view.unaffected]).toEqual(['degraded', 1]);
  });

  test('was reported minutes after it began, in these records', () => {
    expect([view.reportedAfter, view.records]).toEqual([180, { first: 4, last: 6 }]);
  });

  test.each([
    ['the moment that it promises', { impacts: { [FILES]: 'major' }, nextUpdateBy: recordedAt(35) }, recordedAt(35)],
    ['the next step of its ribbon', { impacts: { [FILES]: 'major' }, nextUpdateBy: recordedAt(45) }, recordedAt(40)],
    ['the end of the day', {}, '2026-03-02T00:00:00.000Z'],
  ] as const)('holds until %s', (_what, data, until) => {
    expect(viewOf(after(...services, opened(9, data))).validUntil).toBe(until);
  });

  test('is plain data', () => {
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
  });
});

test('a reopened incident goes back, and says when', () => {
  const view = viewOf(
    after(opened(9), posted(9, 91, { status: 'resolved' }), posted(9, 92, { status: 'investigating' })),
  );
  expect(view.steps.map(({ at, isTaken }) => [at, isTaken])).toEqual([
    [recordedAt(3), true],
    [null, false],
    [null, false],
    [null, false],
  ]);
  expect(view.reopenedAt).toBe(recordedAt(3));
});

test('a resolved incident was as bad as its worst, until it ended', () => {
  const view = viewOf(
    after(
      ...services,
      opened(9, { impacts: { [FILES]: 'major' } }),
      posted(9, 91, { status: 'monitoring', impacts: { [FILES]: 'degraded' } }),
      posted(9, 92, { status: 'resolved' }),
    ),
  );
  expect(view.worst).toBe('major');
  expect(view.affected).toMatchObject([{ status: 'major', from: recordedAt(4), to: recordedAt(6) }]);
  expect(view.steps.at(-1)).toEqual({ status: 'resolved', at: recordedAt(6), isTaken: true });
});

test('an edited update leads to the last moment before the edit', () => {
  const { beforeEdit } = viewOf(
    after(opened(9), posted(9, 91), {
      stream: `incident-${id(9)}`,
      type: 'incident.update-edited',
      data: { updateId: id(91), message: 'Better words' },
    }),
  );
  expect(beforeEdit).toEqual({ [id(91)]: new Date(Date.parse(recordedAt(3)) - 1).toISOString() });
});

test('a service that was deleted has no name any more', () => {
  const models = after(...services, opened(9, { impacts: { [FILES]: 'major' } }), {
    stream: `service-${FILES}`,
    type: 'service.deleted',
    data: {},
  });
  expect(viewOf(models).affected).toMatchObject([{ serviceId: FILES, name: null }]);
});

test('texts are in the language of the reader', () => {
  const models = after(opened(9, { translations: { de: { title: 'Langsam' } } }));
  expect(viewOf(models, { language: 'de' }).incident.title).toBe('Langsam');
});

test.each([
  ['of another organisation', { organizationId: 'acme' }],
  ['unknown', { id: id(8) }],
  ['hidden', { hidden: new Set([id(9)]) }],
])('there is no page of one that is %s', (_why, more) => {
  expect(selectIncidentView(going, anyone, { ...asked, ...more }, minute(30))).toBeUndefined();
});

test('there is no page for viewers who may not see the organisation', () => {
  const stranger = { ...anyone, organizations: [], access: () => 'none' as const };
  expect(selectIncidentView(going, stranger, asked, minute(30))).toBeUndefined();
});
