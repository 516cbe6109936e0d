// Sends answers: replies with their tags, and problems in the form that the client takes.
import type { Response } from 'express';
import { endWith, lengthOf } from './blocks.ts';
import { type Reader, readerOf } from './browsers/reader.ts';
import { setPageHeaders } from './browsers/security-headers.ts';
import type { UnreadAnswers } from './connections/unread-answers.ts';
import { type ServedLog, setProgress } from './freshness/served-log.ts';
import { carriesCredential, JSON_TYPE, namesTag, PROBLEM_TYPE } from './headers.ts';
import { HTML_TYPE } from './media-types.ts';
import { PROBLEMS, type Problem, problemDocument } from './problem.ts';
import type { Answer, Blocks, Reply } from './route.ts';

/** What is sent finds these in `app.locals`. */
export interface SendLocals {
  readonly log: Pick<ServedLog, 'position' | 'staleSince'>;
  readonly unread: UnreadAnswers | undefined;
  readonly problemPage: ProblemPage | undefined;
}

/** A problem, as a page shows it. */
export interface ShownProblem extends Problem {
  readonly status: number;
  /** The id of the request. */
  readonly reference: string;
}

/** Makes the HTML page of a problem. */
export type ProblemPage = (problem: ShownProblem, reader: Reader) => string;

/** Sends an answer. A problem is a page for browsers that ask for one, and a problem document for all others. */
export function send(response: Response, answer: Answer): void {
  setProgress(response, (response.app.locals as SendLocals).log);
  response.setHeader('Cache-Control', 'no-store');
  if (answer.headers) response.set(answer.headers);
  if ('problem' in answer) {
    sendProblem(response, answer);
  } else {
    sendReply(response, answer);
  }
}

/** What a page is depends on who reads it, and whether a problem is one depends on what the client takes. */
export function markAsPage(response: Response): void {
  setPageHeaders(response);
  response.vary('Accept, Accept-Language, Cookie');
}

function sendProblem(response: Response, problem: Problem): void {
  const { req: request } = response;
  const { problemPage } = response.app.locals as SendLocals;
  const { status } = PROBLEMS[problem.problem];
  const reference = String(response.getHeader('X-Request-Id'));
  response.status(status);
  const page = isForPrograms(request.path) ? undefined : problemPage;
  if (page) markAsPage(response);
  if (page && asksForPage(request.headers.accept)) {
    const reader = readerOf(request.headers, request.query.lang);
    sendBody(response, page({ ...problem, status, reference }, reader), HTML_TYPE);
  } else {
    sendBody(response, JSON.stringify(problemDocument(problem, reference)), PROBLEM_TYPE);
  }
}

/** Whether only programs ask for this path. */
function isForPrograms(path: string): boolean {
  return /^\/(?:api|socket\.io)(?:\/|$)/.test(path);
}

/** Whether an `Accept` header names HTML: a client that takes anything is a program. */
function asksForPage(accept: string | undefined): boolean {
  return accept !== undefined && /\btext\/html(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(accept);
}

function sendReply(response: Response, { status, body, blocks, etag, headers, cookies, isShared }: Reply): void {
  const { req: request } = response;
  const isForSender = !isShared && carriesCredential(request.headers);
  response.status(status);
  if (cookies) response.setHeader('Set-Cookie', cookies);
  // A response with an ETag may be cached, but the client must revalidate it each time.
  if (etag !== undefined) {
    response.setHeader('Cache-Control', headers?.['Cache-Control'] ?? 'no-cache');
    response.setHeader('ETag', `"${etag}"`);
  }
  if (isForSender) response.setHeader('Cache-Control', 'no-store');
  const isRevalidable = etag !== undefined && !isForSender && isRead(request);
  if (isRevalidable && namesTag(request.get('If-None-Match'), etag)) {
    // As the cache does: what has no body has no type.
    response.removeHeader('Content-Type');
    response.status(304).end();
  } else if (blocks) sendBody(response, blocks, JSON_TYPE);
  else if (body === undefined) response.end();
  else if (typeof body === 'string') sendBody(response, body, JSON_TYPE);
  else if (Buffer.isBuffer(body)) sendBody(response, [body], JSON_TYPE);
  else sendBody(response, JSON.stringify(body), JSON_TYPE);
}

/**
 * Sends a complete body. `type` applies unless the headers name another one. Faster than `response.send`, which first
 * works out what is known here.
 */
function sendBody(response: Response, body: string | Blocks, type: string): void {
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', typeof body === 'string' ? Buffer.byteLength(body) : lengthOf(body));
  const sent = response.req.method === 'HEAD' ? undefined : body;
  endWith(response, sent);
  (response.app.locals as SendLocals).unread?.sent(response, sent);
}

export function isRead({ method }: { method?: string | undefined }): boolean {
  return method === 'GET' || method === 'HEAD';
}
