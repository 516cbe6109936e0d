// Commands on the updates of an incident: edited and retracted.
import { describe, test } from '@jest/globals';
import { editUpdate, retractUpdate } from '../../../src/commands/incidents/updates.ts';
import { given, type Happened, id } from '../../support/scenario.ts';

const stream = `incident-${id(9)}`;
const opened: Happened = {
  stream,
  type: 'incident.opened',
  data: {
    title: 'Slow',
    description: 'Slower than usual',
    status: 'investigating',
    impact: 'minor',
    affectedServices: [],
    affectedServiceIds: [],
    impacts: {},
  },
};
const de = { de: { message: 'Neues' } };
const posted: Happened = {
  stream,
  type: 'incident.update-posted',
  data: { updateId: id(8), status: 'identified', message: 'News', translations: de },
};
const update = { id: id(9), updateId: id(8) };

describe('editing an update', () => {
  const edited = (data: object) =>
    ({ stream, type: 'incident.update-edited', data: { updateId: id(8), ...data } }) as Happened;

  test('records its message, and the translations that came with it', () => {
    given(opened, posted)
      .when(editUpdate, { ...update, message: 'Good news' })
      .expect(edited({ message: 'Good news' }));
    given(opened, posted)
      .when(editUpdate, { ...update, message: 'News', translations: {} })
      .expect(edited({ message: 'News', translations: {} }));
  });

  test('records nothing if nothing changes', () => {
    given(opened, posted)
      .when(editUpdate, { ...update, message: 'News' })
      .expectNothing();
    given(opened, posted)
      .when(editUpdate, { ...update, message: 'News', translations: de })
      .expectNothing();
  });
});

describe('retracting an update', () => {
  const retracted: Happened = { stream, type: 'incident.update-retracted', data: { updateId: id(8) } };

  test('records that', () => {
    given(opened, posted).when(retractUpdate, update).expect(retracted);
  });

  test('leaves no update to edit, or to retract again', () => {
    given(opened, posted, retracted).when(retractUpdate, update).expectRejection('not-found');
    given(opened, posted, retracted)
      .when(editUpdate, { ...update, message: 'Good news' })
      .expectRejection('not-found');
    given(posted).when(retractUpdate, update).expectRejection('not-found');
  });
});
