// While the log cannot be opened: listens, says that the process lives, and tries again until the database is there.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { JSON_TYPE, PROBLEM_TYPE } from '../http/headers.ts';
import { PROBLEMS, type Problem, problemDocument } from '../http/problem.ts';
import { JournalError } from '../log/journal.ts';
import type { App } from './app.ts';

/** Between two attempts, in milliseconds. */
const PAUSE = 1_000;

const STARTING: Problem = {
  problem: 'unavailable',
  detail: 'The server is starting, and has not read its log yet; try again shortly.',
  headers: { 'Retry-After': '2' },
};

/**
 * A server in place of the one that does not exist yet: 200 for `/healthz`, else 503, to sockets too. No connection
 * outlives its answer, so that the other server can take over (`listen` with this one as the handle).
 */
export function createStartingServer(): Server {
  return createServer((request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Connection', 'close');
    if (isProbe(request)) send(response, 200, { 'Content-Type': JSON_TYPE }, { ok: true });
    else refuse(response);
  });
}

/** Makes the server. While its database is away, `tell` gets the reason, and it is tried again. */
export async function createWhenReachable(create: () => Promise<App>, tell: (reason: string) => void): Promise<App> {
  for (;;) {
    try {
      return await create();
    } catch (error) {
      if (!(error instanceof JournalError) || error.code !== 'away') throw error;
      tell(error.message);
    }
    await setTimeout(PAUSE);
  }
}

function isProbe({ method, url = '' }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && /^\/healthz(\?|$)/.test(url);
}

function refuse(response: ServerResponse): void {
  const id = randomUUID();
  const headers = { 'X-Request-Id': id, 'Content-Type': PROBLEM_TYPE, ...STARTING.headers };
  send(response, PROBLEMS[STARTING.problem].status, headers, problemDocument(STARTING, id));
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}
