// The command on a postmortem: drafts are in a stream of their own, what is published in that of the incident.
import { describe, expect, test } from '@jest/globals';
import { changePostmortem } from '../../../src/commands/incidents/postmortems.ts';
import { given, type Happened, id } from '../../support/scenario.ts';

const [stream, drafts] = [`incident-${id(9)}`, `postmortem-${id(9)}`];
const opened: Happened = {
  stream,
  type: 'incident.opened',
  data: {
    title: 'Slow',
    description: 'Slower than usual',
    status: 'resolved',
    impact: 'minor',
    affectedServices: [],
    affectedServiceIds: [],
    impacts: {},
  },
};
const [text, de] = ['A disk was full', { de: { text: 'Eine Platte war voll' } }];
const drafted: Happened = { stream: drafts, type: 'postmortem.drafted', data: { text, translations: de } };
const published: Happened = { stream, type: 'incident.postmortem-published', data: { text, translations: de } };

/** The events that the command records, of both streams, and the streams that must not have changed. */
function recordedBy(happened: readonly Happened[], asked: object) {
  const { decision } = given(...happened).when(changePostmortem, { id: id(9), ...asked });
  if (decision.kind === 'rejected') throw new Error(decision.message);
  const writes = [decision, ...(decision.also ?? [])].flatMap(({ stream: of, events }) =>
    events.map(({ type, data }) => ({ stream: of, type, data })),
  );
  return { writes, guarded: decision.guards?.map((guard) => guard.stream) };
}

describe('a postmortem', () => {
  test('is drafted apart from the incident', () => {
    expect(recordedBy([opened], { text, translations: de })).toEqual({ writes: [drafted], guarded: [stream] });
    expect(recordedBy([opened, drafted], { text })).toEqual({ writes: [], guarded: [drafts, stream] });
    expect(recordedBy([opened, drafted, published], { text: 'Two disks were full' }).writes).toEqual([
      { stream: drafts, type: 'postmortem.drafted', data: { text: 'Two disks were full' } },
    ]);
  });

  test('is published as it is drafted, at once or later', () => {
    expect(recordedBy([opened], { text, translations: de, status: 'published' }).writes).toEqual([drafted, published]);
    expect(recordedBy([opened, drafted], { status: 'published' })).toEqual({ writes: [published], guarded: [drafts] });
    expect(recordedBy([opened, drafted, published], { status: 'published' }).writes).toEqual([]);
  });

  test('is taken back, and its draft stays', () => {
    expect(recordedBy([opened, drafted, published], { status: 'draft' }).writes).toEqual([
      { stream, type: 'incident.postmortem-unpublished', data: {} },
    ]);
    expect(recordedBy([opened, drafted], { status: 'draft' }).writes).toEqual([]);
  });

  test('needs a text first, and its incident', () => {
    given(opened)
      .when(changePostmortem, { id: id(9), status: 'published' })
      .expectRejection('no-postmortem', '/text');
    given()
      .when(changePostmortem, { id: id(9), text })
      .expectRejection('not-found');
  });
});
