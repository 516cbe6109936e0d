// The routes of /api/websocket: list the connected clients, and send a test message.
import * as z from 'zod';
import type { Filter } from '../../projections/viewer/scope.ts';
import { hasRole, isMember } from '../../projections/viewer/viewer.ts';
import { labelField } from '../commands/fields.ts';
import { SAMPLE } from '../commands/sample-data.ts';
import type { Route } from '../http/route.ts';
import type { Gateway } from './gateway.ts';
import { SUPPORTED_EVENTS, UPDATE_TYPES } from './protocol.ts';
import { EVERYONE, organizationOf, organizationRoom, roomsNamedBy, tenantRoom } from './rooms.ts';

/** The names of the events, as they are answered. */
const EVENTS = {
  supportedEvents: [...SUPPORTED_EVENTS.clientToServer, ...SUPPORTED_EVENTS.serverToClient],
  clientEvents: SUPPORTED_EVENTS.clientToServer,
  serverEvents: SUPPORTED_EVENTS.serverToClient,
};

const place = { organizationId: labelField.exactOptional(), tenantId: labelField.exactOptional() };

const filterQuery = z.object(place);

const infoSchema = z
  .object({
    connectedClients: z.int().describe('Number of clients that match the filter'),
    totalConnectedClients: z.int(),
    clientsInfo: z.array(
      z.looseObject({ clientId: z.string(), connectedAt: z.iso.datetime(), rooms: z.array(z.string()) }),
    ),
    websocketEndpoint: z.string(),
    supportedEvents: z.array(z.string()).describe('The names of all events, in both directions'),
    clientEvents: z.array(z.string()).describe('The events that clients send'),
    serverEvents: z.array(z.string()).describe('The events that the server sends'),
    timestamp: z.iso.datetime(),
  })
  .meta({ id: 'Connections' });

const broadcastInput = z.object({ type: z.enum(UPDATE_TYPES), data: z.unknown().describe('Any JSON value'), ...place });
type BroadcastInput = z.output<typeof broadcastInput>;

const broadcastSchema = z
  .object({
    success: z.literal(true),
    type: z.enum(UPDATE_TYPES),
    room: z.string(),
    timestamp: z.iso.datetime(),
    test: z.literal(true),
  })
  .meta({ id: 'Broadcast' });

export function realtimeRoutes(gateway: Gateway, now: () => Date): Route[] {
  const info: Route<unknown, Filter> = {
    method: 'get',
    path: '/api/websocket/info',
    operationId: 'getWebsocketInfo',
    tag: 'realtime',
    summary: 'List the connected clients, and the events that sockets send and receive',
    description:
      'If the server requires sign-in, only clients in rooms of the caller’s organisations are listed and counted.',
    access: 'anyone',
    query: filterQuery,
    success: {
      status: 200,
      description: 'The connections',
      schema: infoSchema,
      example: {
        connectedClients: 0,
        totalConnectedClients: 0,
        clientsInfo: [],
        websocketEndpoint: '/socket.io',
        ...EVENTS,
        timestamp: '2026-03-01T10:05:00.000Z',
      },
    },
    problems: [],
    handle({ viewer, query }) {
      const known = gateway.clients(viewer);
      const named = roomsNamedBy(query);
      const clientsInfo = known.filter(({ rooms }) => named.every((room) => rooms.includes(room)));
      return {
        status: 200,
        body: {
          connectedClients: clientsInfo.length,
          totalConnectedClients: known.length,
          clientsInfo,
          websocketEndpoint: '/socket.io',
          ...EVENTS,
          timestamp: now().toISOString(),
        },
      };
    },
  };

  const broadcast: Route<unknown, unknown, BroadcastInput> = {
    method: 'post',
    path: '/api/websocket/broadcast',
    operationId: 'broadcast',
    tag: 'realtime',
    summary: 'Send a test message to a room',
    description: 'Records no event: the message carries `test: true` and no position.',
    access: 'admin',
    body: broadcastInput,
    bodyExample: { type: 'service-update', data: { hello: 'world' }, organizationId: SAMPLE.organization },
    success: {
      status: 200,
      description: 'The message was sent',
      schema: broadcastSchema,
      example: {
        success: true,
        type: 'service-update',
        room: organizationRoom(SAMPLE.organization),
        timestamp: '2026-03-01T10:05:00.000Z',
        test: true,
      },
    },
    problems: ['not-found'],
    repeatable: 'process',
    handle({ viewer, body: { type, data, ...target } }) {
      const room = roomFor(target);
      const organizationId = organizationOf(room);
      if (!isMember(viewer, organizationId)) return { problem: 'not-found', detail: `There is no room ${room}.` };
      if (!hasRole(viewer, organizationId, 'admin')) {
        return { problem: 'forbidden', detail: 'This requires the role admin in the organisation.' };
      }
      const { data: _sent, ...sent } = gateway.broadcast({ type, data }, room);
      return { status: 200, body: { success: true, ...sent } };
    },
  };

  return [info, broadcast];
}

/** The room of the organisation if one is named, else of the tenant if one is named, else of everyone. */
function roomFor({ organizationId, tenantId }: Filter): string {
  if (organizationId !== undefined) return organizationRoom(organizationId);
  return tenantId === undefined ? EVERYONE : tenantRoom(tenantId);
}
