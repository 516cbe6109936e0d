// The event types of an incident.
import * as z from 'zod';
import type { EventDefinition } from './event-definition.ts';
import { CLAIMED_STATUSES, INCIDENT_IMPACTS, INCIDENT_STATUSES } from './severity.ts';
import { translations } from './translations.ts';

const impacts = z.record(z.uuid(), z.enum(CLAIMED_STATUSES)).readonly();
const strings = z.array(z.string()).readonly();

const time = z.iso.datetime();
const updateId = z.uuid();
const status = z.enum(INCIDENT_STATUSES);
const impact = z.enum(INCIDENT_IMPACTS);
const translated = { translations: translations.exactOptional() };

export const INCIDENT_EVENTS = {
  'incident.opened': {
    schema: 2,
    audience: 'public',
    texts: ['/title', '/description', '/affectedServices', '/translations'],
    data: z.object({
      title: z.string(),
      description: z.string(),
      ...translated,
      status,
      impact,
      affectedServices: strings,
      affectedServiceIds: strings,
      impacts,
      /** When the next update is promised. */
      nextUpdateBy: time.exactOptional(),
    }),
  },
  'incident.described': {
    schema: 2,
    audience: 'public',
    texts: ['/title', '/description', '/translations'],
    data: z.object({ title: z.string().exactOptional(), description: z.string().exactOptional(), ...translated }),
  },
  'incident.assessed': {
    schema: 2,
    audience: 'public',
    texts: ['/affectedServices'],
    data: z.object({
      impact: impact.exactOptional(),
      affectedServices: strings.exactOptional(),
      affectedServiceIds: strings.exactOptional(),
      impacts: impacts.exactOptional(),
    }),
  },
  /** It is known better when the incident began. */
  'incident.start-moved': { schema: 1, audience: 'public', texts: [], data: z.object({ startedAt: time }) },
  'incident.status-changed': { schema: 1, audience: 'public', texts: [], data: z.object({ status }) },
  /** `impacts` are those of the incident from the update's moment on; without it they stay as they were. */
  'incident.update-posted': {
    schema: 2,
    audience: 'public',
    texts: ['/message', '/translations'],
    data: z.object({
      updateId,
      status,
      message: z.string(),
      ...translated,
      impacts: impacts.exactOptional(),
      nextUpdateBy: time.exactOptional(),
    }),
  },
  /** An update dated before the incident's latest status change: it changes no status. */
  'incident.update-backfilled': {
    schema: 2,
    audience: 'public',
    texts: ['/message', '/translations'],
    data: z.object({ updateId, status, message: z.string(), ...translated }),
  },
  /** The message alone changes. */
  'incident.update-edited': {
    schema: 1,
    audience: 'public',
    texts: ['/message', '/translations'],
    data: z.object({ updateId, message: z.string(), ...translated }),
  },
  /** The update was a mistake: status and impacts are those that the other events of the stream make. */
  'incident.update-retracted': {
    schema: 1,
    audience: 'public',
    texts: ['/reason'],
    data: z.object({ updateId, reason: z.string().exactOptional() }),
  },
  /** The text that members drafted, as it is public from now on. */
  'incident.postmortem-published': {
    schema: 1,
    audience: 'public',
    texts: ['/text', '/translations'],
    data: z.object({ text: z.string(), ...translated }),
  },
  'incident.postmortem-unpublished': { schema: 1, audience: 'public', texts: [], data: z.object({}) },
  /** All of the incident was a mistake: it never was. */
  'incident.retracted': {
    schema: 1,
    audience: 'public',
    texts: ['/reason'],
    data: z.object({ reason: z.string().exactOptional() }),
  },
  'incident.deleted': { schema: 1, audience: 'public', texts: [], data: z.object({}) },
} as const satisfies Record<string, EventDefinition>;
