// Public heads: the last event of each organisation that every reader of it may see.
import { expect, test } from '@jest/globals';
import { EVENT_TYPES, type RecordedEvent } from '../../projections/events/event-types.ts';
import { publicHeadsProjection } from '../../projections/public-heads.ts';

test.each(Object.entries(EVENT_TYPES))('%s moves the head if it is public', (type, { audience }) => {
  expect(headAfter(type, `${type.split('.')[0]}-1`)).toEqual(
    audience === 'public' ? { position: 7, hash: 'a7' } : undefined,
  );
});

test('a redaction does not move it in a stream of members', () => {
  expect(headAfter('event.redacted', 'service-1')).toEqual({ position: 7, hash: 'a7' });
  expect(headAfter('event.redacted', 'template-1')).toBeUndefined();
});

function headAfter(type: string, stream: string) {
  const event = { type, stream, organizationId: 'acme', position: 7, hash: 'a7' } as RecordedEvent;
  return publicHeadsProjection.on(publicHeadsProjection.initial, event).get('acme');
}
