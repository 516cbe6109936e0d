// Captures the answer of the server to a GET, so that a floor can send the same one.
import { get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { CapturedAnswer } from './floors/http.ts';
import type { Running } from './running.ts';

/**
 * Headers to leave out: the ones that node:http also adds in the floor, and the request id, which differs each time.
 */
const OWN_HEADERS = new Set(['date', 'connection', 'keep-alive', 'x-request-id']);

/** Captures the answer to a GET, optionally with `If-None-Match`. */
export async function capture(server: Running, path: string, ifNoneMatch?: string): Promise<CapturedAnswer> {
  const isConditional = ifNoneMatch !== undefined;
  const headers = isConditional ? { 'If-None-Match': ifNoneMatch } : {};
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${server.url}${path}`, { headers, agent: false }, resolve).on('error', reject);
  });
  const { statusCode: status = 0, rawHeaders } = response;
  return { path, isConditional, status, headers: pairs(rawHeaders), body: await text(response) };
}

function pairs(rawHeaders: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!OWN_HEADERS.has(name.toLowerCase())) found.push([name, rawHeaders[index + 1] ?? '']);
  }
  return found;
}

export function tagOf({ headers }: CapturedAnswer): string {
  const tag = headers.find(([name]) => name === 'ETag')?.[1];
  if (tag === undefined) throw new Error('An answer carries no tag.');
  return tag;
}
