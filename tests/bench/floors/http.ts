// The floor of reads: bare node:http that sends captured answers of the server and writes the same access log.

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { stdout } from 'node:process';
import { batched } from '../../../src/bounds/batched-output.ts';
import { listen, readInput } from './floor-process.ts';

/** An answer of the server, without the headers that differ each time or that node:http adds. */
export interface CapturedAnswer {
  readonly path: string;
  /** Whether it is for requests with `If-None-Match`. */
  readonly isConditional: boolean;
  /** Whether the body is serialised for each request. */
  readonly isEncoding?: boolean;
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

const answers = new Map((await readInput<readonly CapturedAnswer[]>()).map((answer) => [keyOf(answer), ready(answer)]));

const lines = batched(stdout);

const server = createServer((request, response) => {
  const answer = answers.get(
    keyOf({ path: request.url ?? '', isConditional: request.headers['if-none-match'] !== undefined }),
  );
  if (!answer) {
    response.writeHead(500).end();
    return;
  }
  const id = randomUUID();
  response.writeHead(answer.status, ['X-Request-Id', id, ...answer.headers]);
  response.end(answer.body());
  lines.write(lineOf(id, request, answer));
});

function keyOf({ path, isConditional }: Pick<CapturedAnswer, 'path' | 'isConditional'>): string {
  return isConditional ? `${path} conditional` : path;
}

function ready({ status, headers, body, isEncoding = false }: CapturedAnswer) {
  const encoded = Buffer.from(body);
  const value: unknown = isEncoding ? JSON.parse(body) : undefined;
  const length = headers.find(([name]) => name === 'Content-Length')?.[1] ?? '-';
  return { status, headers: headers.flat(), length, body: () => (isEncoding ? JSON.stringify(value) : encoded) };
}

/** A line of the access log: the id of the request, then the format `combined`. */
function lineOf(id: string, { socket, method, url, headers }: IncomingMessage, answer: ReturnType<typeof ready>) {
  const { referer = '-', 'user-agent': agent = '-' } = headers;
  const { status, length } = answer;
  return `${id} ${socket.remoteAddress} - - [${time()}] "${method} ${url} HTTP/1.1" ${status} ${length} "${referer}" "${agent}"\n`;
}

let second = 0;
let formatted = '';

/** The time in the format of the access log. It is formatted once a second. */
function time(): string {
  const now = Date.now();
  if (now - second >= 1_000) {
    second = now - (now % 1_000);
    const [, day, month, year, clock] = new Date(second).toUTCString().split(' ');
    formatted = `${day}/${month}/${year}:${clock} +0000`;
  }
  return formatted;
}

listen(server);
