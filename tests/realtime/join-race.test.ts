// The join race: clients that join and resume while commits pour in see no gap, no repeat and no disorder (promise P8).

import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Resume } from '../../src/realtime/protocol.ts';
import { Follower } from '../support/follower.ts';
import { type Step, step, take } from '../support/histories.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { sized } from '../support/size.ts';
import { ENTITY_UPDATES, LiveServer, type TestClient } from '../support/sockets.ts';

const CLIENTS = sized(30, 150);
const ROOM = 'org:acme';
/** The place of the steps in that room. */
const ACME = 2;
/** How many steps are taken at the most while clients come in: no more than the server remembers of a room. */
const MOST_STEPS = 400;
/** Further than the log will get: a client that claims this has nothing that the server could build on. */
const NOTHING = 1_000_000;

let directory: string;
let server: LiveServer;

beforeEach(async () => {
  directory = await temporaryDirectory();
  // The real journal, fsync included: commits are published in tasks of their own, between those of the sockets.
  server = await LiveServer.start({ DATABASE_URL: 'sqlite:', DATA_DIR: directory });
});

afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

/** A client of the room, with the state that it keeps of it. */
interface Member {
  readonly client: TestClient;
  readonly follower: Follower;
}

/** Lets a client in: it joins as soon as it is connected, and does so again after every reconnect. */
function enter(first: Resume): Member {
  const client = server.client({ reconnection: true, reconnectionDelay: 1, reconnectionDelayMax: 20 });
  const follower = new Follower();
  let resume = first;
  client.socket.on('connect', () => {
    client.socket.emit('join-organization', { organizationId: 'acme', ...resume });
  });
  client.socket.onAny((event, message) => {
    if (message?.room !== ROOM) return;
    if (event === 'snapshot') follower.load(message);
    if (ENTITY_UPDATES.includes(event)) follower.hear(message);
    if (event !== 'status-update' && event !== 'joined-organization') resume = follower.resume;
  });
  return { client, follower };
}

/** Appends steps of the one organisation, one commit right after the other, until told to stop or out of steps. */
function appendAtFullSpeed(seed: number): { stop(): Promise<number> } {
  const { log, models } = server.app;
  let stopped = false;
  const appending = (async () => {
    const start = log.position;
    for (const asked of stepsOf(MOST_STEPS, seed)) {
      if (stopped) break;
      await take(log, models.current, asked);
    }
    return log.position - start;
  })();
  return {
    stop() {
      stopped = true;
      return appending;
    },
  };
}

function stepsOf(count: number, seed: number): Step[] {
  return fc.sample(step, { numRuns: count, seed }).map((asked) => ({ ...asked, place: ACME }));
}

/** Resolves when the client has been let in once more. */
function joined({ client }: Member): Promise<void> {
  return new Promise((resolve) => client.socket.once('joined-organization', () => resolve()));
}

test(`${CLIENTS} clients keep the exact state of the room through joining, losing the connection and resuming`, async () => {
  const { log, models } = server.app;
  for (const asked of stepsOf(60, 1)) await take(log, models.current, asked);

  const whileJoining = appendAtFullSpeed(2);
  const members = Array.from({ length: CLIENTS }, (_, index) => enter({ after: index % 2 === 0 ? 0 : NOTHING }));
  await Promise.all(members.map(joined));
  const duringJoins = await whileJoining.stop();
  const snapshots = members.map(({ client }) => client.all('snapshot').length);

  const whileResuming = appendAtFullSpeed(3);
  const back = Promise.all(members.map(joined));
  for (const { client } of members) client.socket.io.engine.close();
  await back;
  const duringResumes = await whileResuming.stop();
  await Promise.all(members.map(({ client }) => client.settled()));

  // It was a race: commits came in while clients joined, and while they resumed.
  expect(Math.min(duringJoins, duringResumes)).toBeGreaterThan(sized(5, 50));
  expect(snapshots).toEqual(members.map((_, index) => index % 2));
  expect(members.flatMap(({ follower }) => follower.faults)).toEqual([]);
  const read = async (path: string) => (await server.app.request(`/api/${path}?organizationId=acme`)).json();
  const [services, incidents, groups] = [await read('services'), await read('incidents'), await read('groups')];
  for (const { follower } of members) expect(follower.state).toMatchObject({ services, incidents, groups });
});
