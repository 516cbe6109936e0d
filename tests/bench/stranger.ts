// A program that is a stranger who asks for the costliest that there is, without pause. The bench controls it over the
// IPC channel.
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** Ask for these in turn on this many connections, for this long. Answered with a `Pestered`. */
export interface Pestering {
  readonly url: string;
  /** Paths to read. */
  readonly paths: readonly string[];
  /** Whether it joins rooms over sockets instead. */
  readonly isSocket: boolean;
  readonly connections: number;
  readonly seconds: number;
  /** The address of each request; a new one each time if there is none. */
  readonly address?: string;
}

export interface Pestered {
  /** How many requests were answered, by status; joins by the event that came. */
  readonly answers: Readonly<Record<string, number>>;
}

/** How long an answer is waited for and read, in milliseconds: some wait for the stranger's budget, others never end. */
const PATIENCE = 1_000;

/** How many requests were answered. */
let requests = 0;

/** An address that no client has: each request seems to come from a network of its own. */
function nextAddress(): string {
  return `240.${(requests >> 8) & 255}.${requests & 255}.1`;
}

async function pester({ url, paths, isSocket, connections, seconds, address }: Pestering): Promise<Pestered> {
  const answers: Record<string, number> = {};
  const end = performance.now() + seconds * 1_000;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const ask = (from: string) => {
    const path = paths[requests % paths.length] ?? '/';
    return isSocket ? join(url, from, end) : read(url + path, from, agent);
  };
  const loop = async () => {
    while (performance.now() < end) {
      const answer = await ask(address ?? nextAddress());
      requests += 1;
      answers[answer] = (answers[answer] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, loop));
  agent.destroy();
  return { answers };
}

/** Reads an answer and drops its body. */
function read(url: string, from: string, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const headers = { 'X-Forwarded-For': from, Cookie: 'past=cache' };
    const request = get(url, { agent, headers }, (response) => {
      response.resume();
      response.once('close', () => resolve(String(response.statusCode)));
    });
    const patience = setTimeout(() => request.destroy(), PATIENCE);
    request.once('error', ({ message }) => resolve(message));
    request.once('close', () => clearTimeout(patience));
  });
}

/** Connects a socket that joins the room of everyone again and again with a position of long ago. */
async function join(url: string, from: string, end: number): Promise<string> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
    headers: { 'X-Forwarded-For': from },
  });
  let heard = 'nothing';
  socket.on('message', (data) => {
    const text = String(data);
    if (text.startsWith('0')) socket.send('40');
    if (text.startsWith('2') && text.length === 1) socket.send('3');
    if (text.startsWith('42')) heard = /^42\["([\w-]+)"/.exec(text)?.[1] ?? heard;
  });
  socket.on('error', ({ message }) => {
    heard = message;
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const joining = setInterval(() => {
    if (socket.readyState === WebSocket.OPEN)
      socket.send('42["join-organization",{"organizationId":"default","after":1}]');
  }, 20);
  await Promise.race([closed, sleep(Math.max(0, end - performance.now()))]);
  clearInterval(joining);
  socket.terminate();
  return heard;
}

// Exit if the bench ends.
process.once('disconnect', () => process.exit());
process.on('message', async (pestering: Pestering) => {
  process.send?.(await pester(pestering));
});
