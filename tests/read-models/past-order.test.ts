// The past order of a page: members see what was, others what of it can still be seen.
import { expect, test } from '@jest/globals';
import { foldModels } from '../../projections/models.ts';
import { answerPast } from '../../src/read-models/past-answer.ts';
import { questionOf } from '../../src/read-models/past-question.ts';
import { anyone, type Happened, id, recorded } from '../support/scenario.ts';

const service = (number: number): Happened => ({
  stream: `service-${id(number)}`,
  type: 'service.created',
  data: { name: `Service ${number}`, description: 'Answers', status: 'operational', uptime: 100 },
});
const group = (number: number): Happened => ({
  stream: `group-${id(number)}`,
  type: 'group.created',
  data: { name: `Group ${number}`, description: '', display: 'expanded' },
});
const placed = (number: number, inGroup: number): Happened => ({
  stream: `service-${id(number)}`,
  type: 'service.placed',
  data: { groupId: id(inGroup), rank: `a${number}` },
});

const THEN = foldModels(
  recorded([group(8), group(9), ...[1, 2, 3, 4].map(service), placed(1, 8), placed(2, 8), placed(3, 9)]),
);
/** What has been deleted since. */
const GONE = new Set([id(2), id(9)]);

async function orderThen(viewer = anyone) {
  const answer = answerPast(THEN, questionOf({ order: 'default' }, 9, viewer), async () => GONE);
  let text = '';
  for (let next = await answer.next(); ; next = await answer.next()) {
    if (next.done) return { order: JSON.parse(text), said: next.value };
    text += next.value;
  }
}

test('members see it as it was', async () => {
  expect(await orderThen()).toEqual({
    order: {
      groups: [
        { id: id(8), services: [id(1), id(2)] },
        { id: id(9), services: [id(3)] },
      ],
      services: [id(4)],
    },
    said: { position: 9 },
  });
});

test('others see no service and no group that is gone, and the services of such a group without one', async () => {
  const { order } = await orderThen({ ...anyone, organizations: ['default'], access: () => 'public' });
  expect(order).toEqual({ groups: [{ id: id(8), services: [id(1)] }], services: [id(4), id(3)] });
});
