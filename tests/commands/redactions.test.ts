// The redaction command: given these events, it records exactly this event and blanks exactly these texts.
import { describe, expect, test } from '@jest/globals';
import { foldModels } from '../../projections/models.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { redactEvent, redactEventInput } from '../../src/commands/redactions.ts';
import { digest } from '../../src/log/chain.ts';
import type { StoredEvent } from '../../src/log/journal.ts';
import {
  ANN,
  BEN,
  BOARD,
  CAT,
  DAN,
  founded,
  granted,
  here,
  joined,
  ORG,
  person,
  team,
  teamRole,
} from '../support/members.ts';
import { given, type Happened, id, recorded, stored } from '../support/scenario.ts';

const service = `service-${id(1)}`;
const incident = `incident-${id(2)}`;
const reason = 'A password';
const created: Happened = {
  stream: service,
  type: 'service.created',
  data: { name: 'API', description: 'hunter2', status: 'operational', uptime: 99.9 },
};
const opened: Happened = {
  stream: incident,
  type: 'incident.opened',
  data: {
    title: 'hunter2',
    description: 'It is slow',
    status: 'investigating',
    impact: 'minor',
    affectedServices: ['API', 'hunter2'],
    affectedServiceIds: [id(1)],
    impacts: { [id(1)]: 'degraded' },
  },
};
const posted: Happened = {
  stream: incident,
  type: 'incident.update-posted',
  data: { updateId: id(7), status: 'identified', message: 'It was hunter2' },
};
const corrected: Happened = {
  stream: service,
  type: 'service.history-corrected',
  data: {
    correctionId: id(8),
    from: '2026-03-01T08:00:00.000Z',
    to: '2026-03-01T08:30:00.000Z',
    status: 'major',
    reason: 'hunter2 leaked',
  },
};

/** Asks to redact the event at this position. */
function redacting(position: number, happened: readonly Happened[], viewer?: Viewer) {
  const events = recorded(happened);
  const target = events[position - 1];
  if (!target) throw new Error(`Nothing happened at ${position}.`);
  const version = events.filter(({ stream }) => stream === target.stream).length;
  return given(...happened).when(redactEvent, { target: stored(target), version, reason }, viewer);
}

/** What the redaction says, and the data that is left in place of the target's. */
function said(position: number, happened: readonly Happened[]) {
  const { decision } = redacting(position, happened);
  if (decision.kind === 'rejected') throw new Error(decision.message);
  const [redaction] = decision.redactions ?? [];
  const [event] = decision.events;
  const before = stored(recorded(happened)[position - 1] as never).text;
  const text = redaction?.text ?? '';
  const { data, ...envelope } = JSON.parse(text);
  expect([redaction?.position, decision.events.length, decision.redactions?.length]).toEqual([position, 1, 1]);
  expect(event).toMatchObject({ type: 'event.redacted', data: { remainder: digest(text), reason } });
  expect(envelope).toEqual({ ...JSON.parse(before), data: undefined });
  expect(Object.keys(data)).toEqual(Object.keys(JSON.parse(before).data));
  const { shown } = (event?.data ?? {}) as { shown: readonly string[] };
  return { data, shown };
}

describe('free text is removed, and everything else stays', () => {
  test('of a creation', () => {
    expect(said(1, [created])).toEqual({
      data: { ...created.data, name: '[redacted]', description: '[redacted]' },
      shown: ['/name', '/description'],
    });
  });

  test('of an opening, with every name of a service', () => {
    expect(said(2, [created, opened])).toEqual({
      data: {
        ...opened.data,
        title: '[redacted]',
        description: '[redacted]',
        affectedServices: ['[redacted]', '[redacted]'],
      },
      shown: ['/title', '/description', '/affectedServices/0', '/affectedServices/1'],
    });
  });

  test('of an update, where the incident shows it', () => {
    const data = { ...posted.data, message: '[redacted]' };
    expect(said(3, [created, opened, posted])).toEqual({ data, shown: [`/updates/${id(7)}/message`] });
  });

  test('of a correction', () => {
    const data = { ...corrected.data, reason: '[redacted]' };
    expect(said(2, [created, corrected])).toEqual({ data, shown: [] });
  });

  test('of a redaction, whose reason is free text', () => {
    const data = { eventId: id(900_001), remainder: digest(''), shown: ['/name'], reason: 'hunter2' };
    const redacted: Happened = { stream: service, type: 'event.redacted', data };
    expect(said(2, [created, redacted])).toEqual({ data: { ...data, reason: '[redacted]' }, shown: [] });
  });
});

describe('what the entity shows', () => {
  const described = (fields: object): Happened => ({ stream: service, type: 'service.described', data: fields });

  test('is blanked if it still has the text of the event', () => {
    expect(said(1, [created, described({ description: 'Answers' })]).shown).toEqual(['/name']);
    expect(said(2, [created, described({ description: 'Answers' })]).shown).toEqual(['/description']);
  });

  test('is blanked even if a later event repeated the text', () => {
    const again = [created, described({ description: 'Answers' }), described({ description: 'hunter2' })];
    expect(said(1, again).shown).toEqual(['/name', '/description']);
  });

  test('is nothing after the deletion', () => {
    expect(said(1, [created, { stream: service, type: 'service.deleted', data: {} }])).toMatchObject({ shown: [] });
  });
});

test('it is recorded in the stream of the entity, at the version that was read', () => {
  const elsewhere: Happened = { ...created, organizationId: 'org-456', tenantId: 'blue' };
  expect(redacting(1, [elsewhere]).decision).toMatchObject({
    stream: service,
    expected: 1,
    organizationId: 'org-456',
    events: [{ organizationId: 'org-456', tenantId: 'blue' }],
  });
});

describe('it is refused', () => {
  test('for an event without free text', () => {
    const reported: Happened = { stream: service, type: 'service.status-reported', data: { status: 'major' } };
    const assessed: Happened = { stream: incident, type: 'incident.assessed', data: { impact: 'major' } };
    redacting(2, [created, reported]).expectRejection('nothing-to-redact');
    redacting(3, [created, opened, assessed]).expectRejection('nothing-to-redact');
  });

  test('to a viewer who cannot see the event, as if it did not exist', () => {
    const nobody: Viewer = { actor: { kind: 'anonymous' }, organizations: [], access: () => 'none' };
    redacting(1, [created], nobody).expectRejection('not-found');
  });

  test('for an event whose texts only a newer version of Plive knows', () => {
    const [target] = recorded([created]).map(stored) as [StoredEvent];
    const ask = (text: string) =>
      given(created)
        .when(redactEvent, { target: { ...target, text }, version: 1, reason })
        .expectRejection('nothing-to-redact');
    ask(target.text.replace('service.created', 'service.praised'));
    ask(target.text.replace(/"schema":\d/, '"schema":9'));
  });

  test('without a reason', () => {
    expect(redactEventInput.safeParse({ reason: ' ' }).success).toBe(false);
  });
});

test('a blanked event stays as it is', () => {
  const [target] = recorded([created]).map(stored) as [StoredEvent];
  const blanked = { ...target, textDigest: digest(target.text) };
  given(created).when(redactEvent, { target: blanked, version: 1, reason }).expectNothing();
});

describe('in a deleted organisation', () => {
  const happened = [
    ...founded,
    granted(BEN, 'admin'),
    team(BOARD, 'Board'),
    teamRole(BOARD, 'owner'),
    granted(CAT, 'viewer'),
    joined(BOARD, CAT),
    granted(DAN, 'owner'),
    granted(DAN, 'member'),
    { ...created, organizationId: ORG },
    here({ type: 'organization.deleted', data: {} }),
  ];
  const position = happened.length - 1;
  const models = foldModels(recorded(happened));
  const as = (userId: string) =>
    redacting(
      position,
      happened,
      person(userId, () => models),
    );

  test.each([
    ['an owner', ANN],
    ['an owner through a team', CAT],
  ])('text is redacted by whoever was %s when it was deleted', (_, userId) => {
    expect(as(userId).decision).toMatchObject({ kind: 'accepted', role: 'anyone', redactions: [{ position }] });
  });

  test.each([
    ['an admin', BEN],
    ['an owner earlier', DAN],
    ['nobody', id(19)],
  ])('text is unknown to whoever was %s', (_, userId) => {
    as(userId).expectRejection('not-found');
  });

  test('text is unknown to its keys', () => {
    const key: Viewer = { actor: { kind: 'key', id: ANN }, organizations: [], access: () => 'none' };
    redacting(position, happened, key).expectRejection('not-found');
  });
});
