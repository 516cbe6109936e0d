// The write path where other nodes write to the same log: nothing is refused, left out or overwritten because of what this
// node does not know yet.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { v7 as newId } from 'uuid';
import { entityId } from '../../projections/events/envelope.ts';
import { findService } from '../../projections/services.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { type CommandRequest, Dispatcher } from '../../src/commands/dispatch.ts';
import type { Dispatched } from '../../src/commands/dispatched.ts';
import { createOrganization } from '../../src/commands/organizations.ts';
import { createService, deleteService, updateService } from '../../src/commands/services.ts';
import type { NewEvent } from '../../src/log/commit.ts';
import { EventLog } from '../../src/log/event-log.ts';
import { ReadModels } from '../../src/read-models/read-models.ts';
import { ANN, BEN, founded, granted, ORG, person } from '../support/members.ts';
import { anyone } from '../support/scenario.ts';
import { type MemoryNode, sharedMemory } from '../support/shared-memory.ts';

interface Node {
  readonly memory: MemoryNode;
  readonly log: EventLog;
  readonly models: ReadModels;
  readonly dispatcher: Dispatcher;
}

const terms: CommandRequest = { viewer: anyone, correlationId: 'test' };
const input = { name: 'API', description: 'Answers', status: 'operational', uptime: 100 } as const;

let first: Node;
let second: Node;
beforeEach(async () => {
  const newNode = sharedMemory();
  first = await startNode(newNode());
  second = await startNode(newNode());
});
afterEach(async () => {
  await Promise.all([first.log.close(), second.log.close()]);
});

async function startNode(memory: MemoryNode): Promise<Node> {
  const log = new EventLog(memory.journal, { newId, eventsInMemory: 100, maxWaiting: 100, report: () => {} });
  const models = new ReadModels(log.committed$, () => {}, log);
  await log.open();
  const dispatcher = new Dispatcher({ log, models, now: () => new Date(), newId, maxWaiting: 100 });
  return { memory, log, models, dispatcher };
}

/** Creates a service on the first node. Resolves with its id when both nodes know it. */
async function created(): Promise<string> {
  const dispatched = await first.dispatcher.dispatch(createService, input, terms);
  if (dispatched.kind !== 'done' || !dispatched.events[0]) throw new Error(dispatched.kind);
  await second.log.reached(dispatched.events[0].position);
  return entityId(dispatched.events[0]);
}

/** What the second node answers, if it hears of what the first one did only after it has got the request. */
async function behind(act: () => Promise<Dispatched>, ask: () => Promise<Dispatched>): Promise<Dispatched> {
  second.memory.isDeaf = true;
  expect(await act()).toMatchObject({ kind: 'done' });
  const asked = ask();
  setTimeout(() => {
    second.memory.isDeaf = false;
  }, 20);
  return asked;
}

test('an entity that another node has just created is found', async () => {
  const newId = async () => first.dispatcher.dispatch(createService, input, terms);
  second.memory.isDeaf = true;
  const made = await newId();
  const id = made.kind === 'done' && made.events[0] ? entityId(made.events[0]) : '';
  const asked = second.dispatcher.dispatch(updateService, { id, uptime: 99 }, terms);
  second.memory.isDeaf = false;
  expect(await asked).toMatchObject({ kind: 'done', events: [{ version: 2 }] });
});

test('what seems to be so already is recorded if another node has changed it meanwhile', async () => {
  const id = await created();
  const answer = await behind(
    () => first.dispatcher.dispatch(updateService, { id, uptime: 50 }, terms),
    () => second.dispatcher.dispatch(updateService, { id, uptime: 100 }, terms),
  );
  expect(answer).toMatchObject({ kind: 'done', events: [{ version: 3 }] });
  expect(findService(second.models.current.services, id)).toMatchObject({ uptime: 100 });
});

test('a dry run of what another node has just created finds it', async () => {
  second.memory.isDeaf = true;
  const made = await first.dispatcher.dispatch(createService, input, terms);
  const id = made.kind === 'done' && made.events[0] ? entityId(made.events[0]) : '';
  const tried = second.dispatcher.preview(updateService, { id, uptime: 99 }, terms);
  second.memory.isDeaf = false;
  expect(await tried).toMatchObject({ kind: 'previewed' });
  expect(await second.dispatcher.preview(updateService, { id: newId(), uptime: 99 }, terms)).toMatchObject({
    kind: 'rejected',
    code: 'not-found',
  });
});

test('an ETag that another node gave is not stale', async () => {
  const id = await created();
  const answer = await behind(
    () => first.dispatcher.dispatch(updateService, { id, uptime: 50 }, terms),
    () => second.dispatcher.dispatch(updateService, { id, uptime: 10 }, { ...terms, ifMatch: new Set([2]) }),
  );
  expect(answer).toMatchObject({ kind: 'done', events: [{ version: 3 }] });
});

test('an old ETag is stale, with what other nodes have recorded since', async () => {
  const id = await created();
  const answer = await behind(
    () => first.dispatcher.dispatch(updateService, { id, uptime: 50 }, terms),
    () => second.dispatcher.dispatch(updateService, { id, uptime: 10 }, { ...terms, ifMatch: new Set([1]) }),
  );
  expect(answer).toMatchObject({ kind: 'stale', actual: 2, since: [{ version: 2 }] });
});

test('a command that another node was faster than is decided again, on what that node has recorded', async () => {
  const id = await created();
  const answer = await behind(
    () => first.dispatcher.dispatch(deleteService, { id }, terms),
    () => second.dispatcher.dispatch(updateService, { id, uptime: 10 }, terms),
  );
  expect(answer).toMatchObject({ kind: 'rejected', code: 'not-found' });
});

test('the answer shows the state right after its commit, also if later commits of other nodes came with it', async () => {
  const id = await created();
  second.memory.isDeaf = true;
  await first.dispatcher.dispatch(createService, input, terms);
  const set = second.dispatcher.dispatch(updateService, { id, uptime: 10 }, terms);
  // Recorded, and waiting for the one before it.
  while ((await second.memory.journal.open()) < 3) await new Promise(setImmediate);
  await first.log.reached(3);
  await first.dispatcher.dispatch(updateService, { id, uptime: 20 }, terms);
  second.memory.isDeaf = false;
  const answer = await set;
  expect(answer.kind === 'done' && findService(answer.models.services, id)).toMatchObject({ uptime: 10, version: 2 });
  expect(findService(second.models.current.services, id)).toMatchObject({ uptime: 20, version: 3 });
});

test('the same idempotency key gets the same result on every node', async () => {
  const key = { id: 'key', fingerprint: 'same' };
  const create = ({ dispatcher }: Node) => dispatcher.dispatch(createService, input, { ...terms, key });
  const answers = await Promise.all([create(first), create(second), create(first), create(second)]);
  const ids = answers.map((answer) => (answer.kind === 'done' ? answer.events[0]?.id : answer.kind));
  expect(new Set(ids).size).toBe(1);
  expect(second.log.position).toBe(1);
});

test('while other nodes cannot be heard, what depends on them is not answered', async () => {
  const id = await created();
  second.memory.isAway = true;
  const unavailable = { kind: 'unavailable' };
  const { dispatch } = second.dispatcher;
  expect(await dispatch(updateService, { id, uptime: 100 }, terms)).toMatchObject(unavailable);
  expect(await dispatch(updateService, { id: newId(), uptime: 1 }, terms)).toMatchObject(unavailable);
});

test("a member's change is not recorded once another node has taken the right to it away", async () => {
  const data = { type: 'organization.role-revoked', organizationId: ORG, data: { userId: BEN } } as const;
  const system = { actor: { kind: 'system' }, correlationId: 'test' } as const;
  const stream = `organization-${ORG}`;
  const events = [...founded, granted(BEN, 'admin')].map(({ stream: _stream, ...event }) => event as NewEvent);
  await first.log.append({ ...system, writes: [{ stream, expected: 'no-stream', events }] });
  await second.log.reached(3);
  const viewer = person(BEN, () => second.models.current);
  const own = { ...terms, viewer };
  const made = await second.dispatcher.dispatch(createService, { ...input, organizationId: ORG }, own);
  expect(made).toMatchObject({ kind: 'done' });
  const id = made.kind === 'done' && made.events[0] ? entityId(made.events[0]) : '';
  second.memory.isDeaf = true;
  await first.log.append({ ...system, writes: [{ stream, expected: 3, events: [data] }] });
  const asked = second.dispatcher.dispatch(updateService, { id, uptime: 10 }, own);
  await second.log.settled();
  second.memory.isDeaf = false;
  expect(await asked).toMatchObject({ kind: 'rejected', code: 'not-found' });
});

test('of two organisations that are created with one slug on two nodes, one is refused', async () => {
  const create = ({ dispatcher }: Node, userId: string) => {
    const viewer: Viewer = { ...anyone, actor: { kind: 'user', id: userId } };
    return dispatcher.dispatch(
      createOrganization,
      { name: 'Acme', slug: 'acme', visibility: 'public' },
      { ...terms, viewer },
    );
  };
  const created = await Promise.all([create(first, BEN), create(second, ANN)]);
  expect(created.map(({ kind }) => kind).sort()).toEqual(['done', 'rejected']);
});
