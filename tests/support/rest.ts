// Short forms for REST requests of tests, and a check that a refused request changed nothing.
import { expect } from '@jest/globals';
import { v7 as newId } from 'uuid';
import type { ShownIncident } from '../../projections/incidents.ts';
import type { ShownService } from '../../projections/service.ts';
import type { ShownEvent } from '../../projections/viewer/shown-event.ts';
import type { StartedApp } from './start-app.ts';

export interface Answered<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly etag: string;
  /** The parsed body; `text` is the original. */
  readonly body: T;
  readonly text: string;
}

export interface Asked {
  readonly method?: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent unchanged. */
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Record<string, string>;
}

export interface EventsPage {
  readonly events: readonly ShownEvent[];
  readonly next: number;
  readonly head: number;
}

export async function ask<T = Record<string, unknown>>(
  app: StartedApp,
  path: string,
  asked: Asked = {},
): Promise<Answered<T>> {
  const response = await app.request(path, asked);
  const text = await response.text();
  const isJson = /[/+]json/.test(response.headers.get('Content-Type') ?? '') && text !== '';
  return {
    status: response.status,
    headers: response.headers,
    etag: response.headers.get('ETag') ?? '',
    body: (isJson ? JSON.parse(text) : undefined) as T,
    text,
  };
}

export async function createService(app: StartedApp, fields: object = {}): Promise<ShownService> {
  const json = { name: 'Search', description: 'Finds things', ...fields };
  return expectStatus(201, await ask<ShownService>(app, '/api/services', { json }));
}

/** Records this many services in one commit, because one request for each would take long. */
export async function addServices(app: StartedApp, count: number, description = 'Finds things'): Promise<void> {
  const data = { name: 'Search', description, status: 'operational', uptime: 100 } as const;
  const created = { type: 'service.created', organizationId: 'default', data } as const;
  const { kind } = await app.log.append({
    writes: Array.from({ length: count }, () => ({
      stream: `service-${newId()}`,
      expected: 'no-stream',
      events: [created],
    })),
    actor: { kind: 'anonymous' },
    correlationId: 'test',
  });
  if (kind !== 'appended') throw new Error(`The services were not recorded: ${kind}.`);
}

export async function openIncident(app: StartedApp, fields: object = {}): Promise<ShownIncident> {
  const json = { title: 'Slow search', description: 'Answers take long', ...fields };
  return expectStatus(201, await ask<ShownIncident>(app, '/api/incidents', { json }));
}

export async function put<T>(app: StartedApp, path: string, json: object): Promise<T> {
  return expectStatus(200, await ask<T>(app, path, { method: 'PUT', json }));
}

export async function remove(app: StartedApp, path: string): Promise<void> {
  expectStatus(204, await ask(app, path, { method: 'DELETE' }));
}

export async function get<T>(app: StartedApp, path: string): Promise<T> {
  return expectStatus(200, await ask<T>(app, path));
}

/** Runs `act`, and expects that it leaves the log unchanged, to the byte. */
export async function changingNothing<T>(app: StartedApp, act: () => Promise<T>): Promise<T> {
  const before = await ask(app, '/api/events?limit=1000');
  const position = app.log.position;
  const result = await act();
  expect(app.log.position).toBe(position);
  expect((await ask(app, '/api/events?limit=1000')).text).toBe(before.text);
  return result;
}

/** Sends a request, and expects that it is refused with this status and code and changes nothing. */
export async function refused(
  app: StartedApp,
  path: string,
  asked: Asked,
  [status, code]: readonly [status: number, code: string],
): Promise<Answered<Record<string, unknown>>> {
  const answered = await changingNothing(app, () => ask(app, path, asked));
  expect([answered.status, answered.body.code]).toEqual([status, code]);
  return answered;
}

function expectStatus<T>(status: number, answered: Answered<T>): T {
  if (answered.status !== status) throw new Error(`Answered ${answered.status} instead of ${status}: ${answered.text}`);
  return answered.body;
}
