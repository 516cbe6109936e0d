// Pictures across the log and their store: whatever a crash interrupts, no page shows what is not there, and nothing stays
// that no page names.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findPage } from '../../projections/pages.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { redactEvent } from '../../src/commands/redactions.ts';
import { memoryPictures } from '../../src/identity/memory-pictures.ts';
import type { PictureStore } from '../../src/identity/picture-store.ts';
import { digest } from '../../src/log/chain.ts';
import { Pictures } from '../../src/workflows/pictures.ts';
import { entityParts } from '../support/entity-parts.ts';
import { anyone } from '../support/scenario.ts';

let parts: Awaited<ReturnType<typeof entityParts>>;
let store: PictureStore;
let pictures: Pictures;

beforeEach(async () => {
  parts = await entityParts();
  store = memoryPictures();
  pictures = workflow(store);
});
afterEach(async () => {
  await pictures.close();
  await parts.log.close();
});

function workflow(of: PictureStore): Pictures {
  const report = (message: string, error: unknown) => {
    throw new Error(message, { cause: error });
  };
  const { log, models, dispatch } = parts;
  return new Pictures({ store: of, log, models, dispatch, report, kept: 10_000, waiting: 10 });
}

const bytesOf = (text: string) => Buffer.from(text);
const digestOf = (text: string) => digest(bytesOf(text));

function change(text: string, viewer: Viewer = anyone) {
  const picture = { type: 'image/png', bytes: bytesOf(text) };
  return pictures.change({ organizationId: 'acme', part: 'logo', picture }, { viewer, correlationId: 'test' });
}

async function redact(position: number): Promise<void> {
  for await (const { events } of parts.log.stored({ after: position - 1, until: position })) {
    const [target] = events;
    if (!target) throw new Error('There is no such event.');
    const { version } = findPage(parts.models.current.pages, 'acme');
    await parts.dispatch(
      redactEvent,
      { target, version, reason: 'A secret' },
      { viewer: anyone, correlationId: 'test' },
    );
  }
}

const stored = async (text: string) => (await store.find('acme', digestOf(text))) !== undefined;

test('a picture is there before the page shows it, and stays for the past', async () => {
  await change('one');
  await change('two');
  expect(findPage(parts.models.current.pages, 'acme').logo?.digest).toBe(digestOf('two'));
  expect([await stored('one'), await stored('two')]).toEqual([true, true]);
  expect(Buffer.from((await pictures.find('acme', digestOf('one')))?.bytes ?? []).toString()).toBe('one');
  expect(await pictures.find('beta', digestOf('one'))).toBeUndefined();
});

test('who may not change the page stores nothing', async () => {
  const member: Viewer = { ...anyone, access: () => 'member' };
  expect(await change('one', member)).toMatchObject({ kind: 'rejected', code: 'forbidden' });
  expect(await store.organizations()).toEqual([]);
});

test('changes at once erase nothing of each other', async () => {
  const texts = ['one', 'two', 'three', 'four'];
  await Promise.all(texts.map((text) => change(text)));
  for (const text of texts) expect(await stored(text)).toBe(true);
});

test('a crash between the picture and its event leaves nothing that stays', async () => {
  await change('one');
  await store.put('acme', { digest: digestOf('lost'), type: 'image/png', bytes: bytesOf('lost') });
  expect(await pictures.find('acme', digestOf('lost'))).toBeUndefined();
  await restarted();
  expect([await stored('one'), await stored('lost')]).toEqual([true, false]);
});

test('a crash between a redaction and the erasure leaves nothing that stays', async () => {
  await change('one');
  await change('two');
  await redact(1);
  expect(await pictures.find('acme', digestOf('one'))).toBeUndefined();
  expect(await stored('one')).toBe(true);
  await restarted();
  expect([await stored('one'), await stored('two')]).toEqual([false, true]);
});

test('a redaction on another node takes the picture out of the memory of this one', async () => {
  const sought: string[] = [];
  const find: PictureStore['find'] = (organizationId, one) => {
    sought.push(one);
    return store.find(organizationId, one);
  };
  const other = workflow({ ...store, find });
  await change('one');
  await other.find('acme', digestOf('one'));
  await other.find('acme', digestOf('one'));
  expect(sought).toHaveLength(1);
  await redact(1);
  // It is not shown from memory when the page shows it again.
  await change('one');
  await other.find('acme', digestOf('one'));
  expect(sought).toHaveLength(2);
});

test('an erasure that fails is told, and tried again', async () => {
  await change('one');
  await redact(1);
  const failing = workflow({ ...store, keepOnly: () => Promise.reject(new Error('The disk is full.')) });
  const target = { stream: 'page-acme', organizationId: 'acme' };
  await expect(failing.redacted(target)).rejects.toThrow('The disk is full.');
  await pictures.redacted(target);
  expect(await stored('one')).toBe(false);
});

/** As a new process begins. */
async function restarted(): Promise<void> {
  const next = workflow(store);
  next.start();
  await next.close();
}
