// Public heads: the last event of each organisation that every reader of it may see.
import { expect, test } from '@jest/globals';
import { EVENT_TYPES, type RecordedEvent } from '../../projections/events/event-types.ts';
import { publicHeadsProjection } from '../../projections/public-heads.ts';

test.each(Object.entries(EVENT_TYPES))('%s moves the head if it is public', (type, { audience }) => {
  const event = { type, organizationId: 'acme', position: 7, hash: 'a7' } as RecordedEvent;
  const head = publicHeadsProjection.on(publicHeadsProjection.initial, event).get('acme');
  expect(head).toEqual(audience === 'public' ? { position: 7, hash: 'a7' } : undefined);
});
