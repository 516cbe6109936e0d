// The probes of load balancers and supervisors: whether the process answers, and whether it can serve.
import * as z from 'zod';
import type { Route } from '../../http/route.ts';
import type { EventLog } from '../../log/event-log.ts';

const liveSchema = z.object({ ok: z.literal(true) }).meta({ id: 'Liveness' });

const readySchema = z
  .object({
    ready: z.literal(true),
    writable: z.boolean().describe('Whether changes can be recorded. Reads are served in either case'),
  })
  .meta({ id: 'Readiness' });

/** Until the log is open, a server that waits for its database answers these paths itself. */
export function probeRoutes(log: Pick<EventLog, 'failure'>): Route[] {
  const probe = { method: 'get', tag: 'health', access: 'anyone', unlimited: true, problems: [] } as const;
  return [
    {
      ...probe,
      path: '/healthz',
      operationId: 'getLiveness',
      summary: 'Whether the process answers: 200 as soon as it does',
      success: { status: 200, description: 'It does', schema: liveSchema, example: { ok: true } },
      handle: () => ({ status: 200, body: { ok: true } }),
    },
    {
      ...probe,
      path: '/readyz',
      operationId: 'getReadiness',
      summary: 'Whether the server can serve reads; 503 while it starts',
      description: 'For load balancers: a server that cannot record changes still serves reads.',
      success: {
        status: 200,
        description: 'It can',
        schema: readySchema,
        example: { ready: true, writable: true },
      },
      handle: () => ({ status: 200, body: { ready: true, writable: log.failure === undefined } }),
    },
  ];
}
