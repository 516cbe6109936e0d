// A projection of your own over the events: how often each service's status changed, and how long incidents affected
// it. Run `node examples/fold-events.js`; PLIVE_URL names the server. It imports `plive/projections`, which `npm start`
// builds.
import { entityId, findIncident, fold, happenedAt, incidentsProjection, OrderedMap } from 'plive/projections';

/**
 * @typedef {object} ServiceRecord
 * @property {string} name
 * @property {number} statusChanges
 * @property {number} incidents The number of incidents that have affected it.
 * @property {ReadonlySet<string>} open The ids of the incidents that affect it now.
 * @property {number} since When the first of the open incidents began to affect it, in milliseconds since the epoch.
 * @property {number} affected How long incidents affected it, in milliseconds. Overlapping incidents count once.
 *
 * @typedef {object} Records
 * @property {OrderedMap<ServiceRecord>} services By id, in the order of creation. Persistent: an update does not copy
 * the whole map.
 * @property {import('plive/projections').IncidentsState} incidents
 */

/** @type {import('plive/projections').Projection<Records>} */
const recordsProjection = {
  name: 'service-records',
  version: 1,
  initial: { services: OrderedMap.empty(), incidents: incidentsProjection.initial },
  on(state, event) {
    const id = entityId(event);
    switch (event.type) {
      case 'service.created':
        return { ...state, services: state.services.set(id, newRecord(event.data.name), event.position) };
      case 'service.described':
        return changed(state, id, ({ name }) => ({ name: event.data.name ?? name }));
      case 'service.status-reported':
        return changed(state, id, ({ statusChanges }) => ({ statusChanges: statusChanges + 1 }));
      default:
        return afterIncident(state, event);
    }
  },
};

/** @returns {ServiceRecord} */
function newRecord(name) {
  return { name, statusChanges: 0, incidents: 0, open: new Set(), since: 0, affected: 0 };
}

function changed(state, serviceId, change) {
  return { ...state, services: state.services.update(serviceId, (record) => ({ ...record, ...change(record) })) };
}

/**
 * Folds the incidents as the server does. The difference shows which services the incident began or ceased to affect.
 */
function afterIncident(state, event) {
  const incidents = incidentsProjection.on(state.incidents, event);
  if (incidents === state.incidents) return state;
  const id = entityId(event);
  const at = Date.parse(happenedAt(event));
  const before = affectedBy(findIncident(state.incidents, id));
  const after = affectedBy(findIncident(incidents, id));
  const ended = without(before, after).reduce((next, serviceId) => changed(next, serviceId, end(id, at)), state);
  const begun = without(after, before).reduce((next, serviceId) => changed(next, serviceId, begin(id, at)), ended);
  return { ...begun, incidents };
}

function affectedBy(incident) {
  return new Set(incident && incident.status !== 'resolved' ? incident.affectedServiceIds : []);
}

function without(ids, others) {
  return [...ids].filter((id) => !others.has(id));
}

function begin(id, at) {
  return ({ incidents, open, since }) => ({
    incidents: incidents + 1,
    open: new Set([...open, id]),
    since: open.size === 0 ? at : since,
  });
}

function end(id, at) {
  return ({ open, since, affected }) => ({
    open: new Set(without(open, new Set([id]))),
    affected: open.size === 1 ? affected + Math.max(0, at - since) : affected,
  });
}

/** Every page of the log, in order. */
async function* pages(url) {
  for (let after = 0, head = 1; after < head; ) {
    const response = await fetch(`${url}/api/events?after=${after}&limit=1000`);
    if (!response.ok) throw new Error(`${response.url} was answered with ${response.status}.`);
    const page = await response.json();
    yield page.events;
    ({ next: after, head } = page);
  }
}

/** The record of a service as a line of the table. Open incidents count until now. */
function line({ name, statusChanges, incidents, open, since, affected }, now) {
  const inIncidents = affected + (open.size === 0 ? 0 : Math.max(0, now - since));
  return {
    service: name,
    'status changes': statusChanges,
    incidents,
    open: open.size,
    'in incidents': `${Math.round(inIncidents / 60_000)} min`,
  };
}

let records = recordsProjection.initial;
for await (const events of pages(process.env.PLIVE_URL || 'http://localhost:5000')) {
  records = fold(recordsProjection, events, records);
}
console.table([...records.services.values()].map((record) => line(record, Date.now())));
