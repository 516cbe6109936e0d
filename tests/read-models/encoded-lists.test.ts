// Encoded lists: the JSON of what the viewer sees, in blocks that stay the same memory until one of their rows changes.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { showService } from '../../projections/service.ts';
import { selectServices, serviceKind } from '../../projections/services.ts';
import type { Filter } from '../../projections/viewer/scope.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { EncodedLists } from '../../src/read-models/encoded-lists.ts';
import { entityParts } from '../support/entity-parts.ts';
import { step, take } from '../support/histories.ts';
import { anyone, id } from '../support/scenario.ts';
import { longTest, quickTests, sized } from '../support/size.ts';

const MIB = 1024 * 1024;
/** More than a block has. */
const MANY = 1_000;

let parts: Awaited<ReturnType<typeof entityParts>>;

beforeEach(async () => {
  parts = await entityParts();
});
afterEach(() => parts.log.close());

function encodedLists(bytes = 16 * MIB) {
  return new EncodedLists(serviceKind, (service) => JSON.stringify(showService(service)), { ...parts, bytes });
}

/** Records this many services of an organisation in one commit. */
async function addServices(count: number, { organizationId = 'acme', description = 'Finds things', first = 0 } = {}) {
  const data = { name: 'Search', description, status: 'operational', uptime: 100 } as const;
  const writes = Array.from({ length: count }, (_, index) => ({
    stream: `service-${id(first + index)}`,
    expected: 'no-stream' as const,
    events: [{ type: 'service.created' as const, organizationId, data }],
  }));
  await parts.log.append({ writes, actor: { kind: 'system' }, correlationId: 'test' });
}

async function report(number: number, organizationId = 'acme') {
  const data = { status: 'major' } as const;
  const events = [{ type: 'service.status-reported' as const, organizationId, data }];
  const writes = [{ stream: `service-${id(number)}`, expected: 'any' as const, events }];
  await parts.log.append({ writes, actor: { kind: 'system' }, correlationId: 'test' });
}

/** Whether they are the same objects. */
function areSame(blocks: readonly Buffer[], others: readonly Buffer[]): boolean {
  return blocks.length === others.length && blocks.every((block, index) => block === others[index]);
}

function expected(viewer: Viewer, filter: Filter): string {
  return JSON.stringify(selectServices(parts.models.current.services, viewer, filter).map(showService));
}

function textOf(blocks: readonly Buffer[]): string {
  return Buffer.concat(blocks).toString();
}

const ofTwo: Viewer = { ...anyone, organizations: ['umbrella', 'acme'] };

test('they are the JSON of what the viewer sees of each part, whatever happens, and whatever is evicted', async () => {
  await addServices(150);
  await addServices(150, { organizationId: 'umbrella', first: 1_000 });
  await addServices(2, { first: 2_000, description: 'x'.repeat(100_000) });
  const roomy = encodedLists();
  const tight = encodedLists(500_000);
  const filters: Filter[] = [{}, { organizationId: 'acme' }, { tenantId: 'red' }, { organizationId: 'nobody' }];
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), async (steps) => {
      for (const each of steps) {
        await take(parts.log, parts.models.current, each);
        for (const filter of filters) {
          for (const viewer of [anyone, ofTwo]) {
            for (const lists of [roomy, tight]) {
              expect(textOf(lists.blocks(viewer, filter)) === expected(viewer, filter)).toBe(true);
            }
          }
        }
      }
    }),
    { numRuns: sized(3, 10) },
  );
});

quickTests('blocks', () => {
  test('are the same memory for every viewer of a scope, and as long as nothing in them changes', async () => {
    await addServices(MANY);
    const lists = encodedLists();
    const before = lists.blocks(ofTwo, { organizationId: 'acme' });
    expect(before.length).toBeGreaterThan(5);
    expect(areSame(lists.blocks(anyone, { organizationId: 'acme' }), before)).toBe(true);
    await addServices(1, { organizationId: 'umbrella', first: MANY });
    expect(areSame(lists.blocks(anyone, { organizationId: 'acme' }), before)).toBe(true);
    await report(MANY - 1);
    const after = lists.blocks(anyone, { organizationId: 'acme' });
    expect(after.filter((block) => !before.includes(block))).toHaveLength(1);
    expect(after).toHaveLength(before.length);
  });

  test('of many requests make no more bytes than those of the first', async () => {
    await addServices(MANY);
    const lists = encodedLists();
    const made = new Set<Buffer>();
    for (let request = 0; request < 100; request += 1) {
      for (const block of lists.blocks(anyone, {})) made.add(block);
    }
    expect([...made].reduce((sum, { length }) => sum + length, 0)).toBe(expected(anyone, {}).length);
  });

  test('can be encoded one after another, while rows change', async () => {
    await addServices(MANY);
    const lists = encodedLists();
    let pauses = 0;
    for (const _pause of lists.prepare(anyone, {})) {
      pauses += 1;
      if (pauses === 3) await report(0);
      if (pauses === 4) await addServices(1, { first: MANY });
    }
    expect(pauses).toBeGreaterThan(5);
    expect(textOf(lists.blocks(anyone, {})) === expected(anyone, {})).toBe(true);
    expect([...lists.prepare(anyone, {})]).toEqual([]);
  });

  test('stay small where rows are long', async () => {
    await addServices(100, { description: 'x'.repeat(20_000) });
    const lists = encodedLists();
    const lengths = lists.blocks(anyone, {}).map(({ length }) => length);
    expect(Math.max(...lengths)).toBeLessThan(64 * 1024 + 1);
    expect(textOf(lists.blocks(anyone, {})) === expected(anyone, {})).toBe(true);
    await report(50);
    expect(textOf(lists.blocks(anyone, {})) === expected(anyone, {})).toBe(true);
  });

  test('of a short list are one buffer', async () => {
    const lists = encodedLists();
    expect(lists.blocks(anyone, {}).map(String)).toEqual(['[]']);
    await addServices(10);
    expect(lists.blocks(anyone, {})).toHaveLength(1);
  });
});

longTest('lists that were not requested for long are dropped when the memory for them is used up', async () => {
  await addServices(200);
  const organizations = Array.from({ length: 20 }, (_, index) => `organization-${index}`);
  for (const [index, organizationId] of organizations.entries()) {
    await addServices(200, { organizationId, first: 1_000 * (index + 1) });
  }
  const lists = encodedLists(MIB);
  const acme = () => lists.blocks(anyone, { organizationId: 'acme' });
  const first = acme();
  expect(areSame(acme(), first)).toBe(true);
  for (const organizationId of organizations) lists.blocks(anyone, { organizationId });
  expect(areSame(acme(), first)).toBe(false);
});
