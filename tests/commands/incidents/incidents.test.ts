// Commands of incidents: given these events, a command results in exactly these events.
import { describe, expect, jest, test } from '@jest/globals';
import { PersistentMap } from '../../../projections/state/persistent-map.ts';
import {
  deleteIncident,
  openIncident,
  retractIncident,
  updateIncident,
} from '../../../src/commands/incidents/incidents.ts';
import { postUpdate } from '../../../src/commands/incidents/updates.ts';
import { given, type Happened, id, newIds, recordedAt } from '../../support/scenario.ts';

const service = (number: number, name: string, organizationId = 'default'): Happened => ({
  stream: `service-${id(number)}`,
  type: 'service.created',
  organizationId,
  data: { name, description: 'A service', status: 'operational', uptime: 100 },
});
const api = service(1, 'API');
const database = service(2, 'Database');
const foreign = service(3, 'API', 'org-456');

const stream = `incident-${id(9)}`;
const fields = {
  title: 'Slow',
  description: 'Slower than usual',
  status: 'investigating' as const,
  impact: 'minor' as const,
  affectedServices: ['API'],
};
const opened: Happened = {
  stream,
  type: 'incident.opened',
  data: { ...fields, affectedServiceIds: [id(1)], impacts: { [id(1)]: 'degraded' } },
};

describe('opening an incident', () => {
  const newStream = `incident-${newIds[0]}`;

  test('finds affected services by name or id, in its own organisation', () => {
    const affectedServices = ['API', id(2), 'Unheard of'];
    given(api, database, foreign)
      .when(openIncident, { ...fields, affectedServices, impacts: {} })
      .expect({
        stream: newStream,
        type: 'incident.opened',
        data: { ...fields, affectedServices, affectedServiceIds: [id(1), id(2)], impacts: {} },
      });
  });

  test('finds them by as many lookups however many services there are', () => {
    const lookupsAmong = (count: number) => {
      const opening = given(
        api,
        ...Array.from({ length: count }, (_, index) => service(100 + index, `Other ${index}`)),
      );
      const lookups = jest.spyOn(PersistentMap.prototype, 'get');
      opening.when(openIncident, { ...fields, impacts: {} });
      const { length } = lookups.mock.calls;
      lookups.mockRestore();
      return length;
    };
    expect(lookupsAmong(1_000)).toBe(lookupsAmong(1));
  });

  test('adds the services with an impact to the affected ones', () => {
    const impacts = { [id(2)]: 'major' } as const;
    given(api, database)
      .when(openIncident, { ...fields, affectedServices: [], impacts })
      .expect({
        stream: newStream,
        type: 'incident.opened',
        data: { ...fields, affectedServices: [], affectedServiceIds: [id(2)], impacts },
      });
  });

  test('is refused if it has an impact on a service that its organisation does not have', () => {
    const impacts = { [id(3)]: 'major' } as const;
    given(foreign)
      .when(openIncident, { ...fields, impacts })
      .expectRejection('unknown-service', `/impacts/${id(3)}`);
    given()
      .when(openIncident, { ...fields, impacts })
      .expectRejection('unknown-service', `/impacts/${id(3)}`);
  });
});

describe('opening an incident from the past', () => {
  const startedAt = '2026-02-28T23:00:00.000Z';

  test('records the time of the start', () => {
    given()
      .when(openIncident, { ...fields, affectedServices: [], impacts: {}, startedAt })
      .expect({
        stream: `incident-${newIds[0]}`,
        type: 'incident.opened',
        occurredAt: startedAt,
        data: { ...fields, affectedServices: [], affectedServiceIds: [], impacts: {} },
      });
  });

  test('is refused where the time has not come yet', () => {
    given()
      .when(openIncident, { ...fields, impacts: {}, startedAt: '2026-03-01T09:01:00.001Z' })
      .expectRejection('future-time', '/startedAt');
  });
});

describe('opening an incident that is over', () => {
  const startedAt = '2026-02-28T22:00:00.000Z';
  const resolvedAt = '2026-02-28T23:00:00.000Z';

  test('records that it began, and that it ended', () => {
    for (const status of ['investigating', 'resolved'] as const) {
      const data = { ...fields, status: 'investigating', affectedServices: [], affectedServiceIds: [] } as const;
      given(api)
        .when(openIncident, {
          ...fields,
          status,
          affectedServices: [],
          impacts: { [id(1)]: 'partial' },
          startedAt,
          resolvedAt,
        })
        .expect(
          {
            stream: `incident-${newIds[0]}`,
            type: 'incident.opened',
            occurredAt: startedAt,
            data: { ...data, affectedServiceIds: [id(1)], impacts: { [id(1)]: 'partial' } },
          },
          {
            stream: `incident-${newIds[0]}`,
            type: 'incident.status-changed',
            occurredAt: resolvedAt,
            data: { status: 'resolved' },
          },
        );
    }
  });

  test('is refused if its end is to come', () => {
    given()
      .when(openIncident, { ...fields, impacts: {}, startedAt, resolvedAt: '2026-03-01T09:01:00.001Z' })
      .expectRejection('future-time', '/resolvedAt');
  });
});

describe('an incident with impact none', () => {
  const silent: Happened = { ...opened, data: { ...opened.data, impact: 'none', impacts: {} } } as Happened;
  const impacts = { [id(1)]: 'degraded' } as const;

  test('gives no service a status', () => {
    given(api)
      .when(openIncident, { ...fields, impact: 'none', impacts })
      .expectRejection('impact-none', '/impacts');
    given(api, silent)
      .when(updateIncident, { id: id(9), impacts })
      .expectRejection('impact-none', '/impacts');
    given(api, silent)
      .when(postUpdate, { id: id(9), status: 'identified', message: 'News', impacts })
      .expectRejection('impact-none', '/impacts');
  });

  test('gives none from when its impact becomes none', () => {
    given(api, opened)
      .when(updateIncident, { id: id(9), impact: 'none' })
      .expect({ stream, type: 'incident.assessed', data: { impact: 'none', impacts: {} } });
    given(api, silent)
      .when(updateIncident, { id: id(9), impact: 'minor', impacts })
      .expect({ stream, type: 'incident.assessed', data: { impact: 'minor', impacts } });
  });
});

describe('revising the start of an incident', () => {
  const earlier = '2026-03-01T08:00:00.000Z';
  const news: Happened = {
    stream,
    type: 'incident.update-posted',
    data: { updateId: id(8), status: 'identified', message: 'News' },
  };

  test('records the time, once', () => {
    const moved: Happened = { stream, type: 'incident.start-moved', data: { startedAt: earlier } };
    given(api, opened)
      .when(updateIncident, { id: id(9), startedAt: earlier })
      .expect(moved);
    given(api, opened, moved)
      .when(updateIncident, { id: id(9), startedAt: earlier })
      .expectNothing();
    given(api, opened, moved, news)
      .when(updateIncident, { id: id(9), startedAt: recordedAt(4) })
      .expect({ ...moved, data: { startedAt: recordedAt(4) } } as Happened);
  });

  test('is refused if the time is to come, or later than what has happened since', () => {
    given(api, opened)
      .when(updateIncident, { id: id(9), startedAt: '2026-03-01T09:03:00.001Z' })
      .expectRejection('future-time', '/startedAt');
    given(api, opened, news)
      .when(updateIncident, { id: id(9), startedAt: '2026-03-01T09:03:00.001Z' })
      .expectRejection('out-of-order', '/startedAt');
  });
});

describe('updating an incident', () => {
  test('records one event for each kind of change', () => {
    given(api, opened)
      .when(updateIncident, { id: id(9), title: 'Down', impact: 'critical', status: 'identified' })
      .expect(
        { stream, type: 'incident.described', data: { title: 'Down' } },
        { stream, type: 'incident.assessed', data: { impact: 'critical' } },
        { stream, type: 'incident.status-changed', data: { status: 'identified' } },
      );
  });

  test('records nothing if nothing changes', () => {
    given(api, opened)
      .when(updateIncident, { id: id(9), ...fields, impacts: { [id(1)]: 'degraded' } })
      .expectNothing();
  });

  test('replaces the impacts on services, and leaves the services affected', () => {
    given(api, database, opened)
      .when(updateIncident, { id: id(9), impacts: { [id(2)]: 'partial' } })
      .expect({
        stream,
        type: 'incident.assessed',
        data: { affectedServiceIds: [id(1), id(2)], impacts: { [id(2)]: 'partial' } },
      });
    given(api, opened)
      .when(updateIncident, { id: id(9), impacts: {} })
      .expect({ stream, type: 'incident.assessed', data: { impacts: {} } });
  });

  test('can repeat the impact on a service that was deleted since', () => {
    const gone: Happened = { stream: `service-${id(1)}`, type: 'service.deleted', data: {} };
    given(api, opened, gone)
      .when(updateIncident, { id: id(9), title: 'Down', impacts: { [id(1)]: 'degraded' } })
      .expect({ stream, type: 'incident.described', data: { title: 'Down' } });
  });

  test('finds new affected services by name', () => {
    given(api, database, opened)
      .when(updateIncident, { id: id(9), affectedServices: ['Database'], impacts: {} })
      .expect({
        stream,
        type: 'incident.assessed',
        data: { affectedServices: ['Database'], affectedServiceIds: [id(2)], impacts: {} },
      });
  });

  test('cannot move it to another organisation', () => {
    given(api, opened)
      .when(updateIncident, { id: id(9), organizationId: 'org-456' })
      .expectRejection('other-place', '/organizationId');
  });

  test('needs an incident that exists', () => {
    given(api)
      .when(updateIncident, { id: id(9), title: 'Down' })
      .expectRejection('not-found');
  });
});

describe('posting an update', () => {
  const posted = (status: 'monitoring' | 'investigating'): Happened => ({
    stream,
    type: 'incident.update-posted',
    data: { updateId: newIds[0], status, message: 'News' },
  });

  test('records it, even if the status stays', () => {
    given(api, opened)
      .when(postUpdate, { id: id(9), status: 'investigating', message: 'News' })
      .expect(posted('investigating'));
  });

  test('says which impacts the incident has from then on, and when the next update comes', () => {
    const nextUpdateBy = '2026-03-01T10:00:00.000Z';
    for (const impacts of [{ [id(1)]: 'major' } as const, {}]) {
      const said = { status: 'monitoring', message: 'News', impacts, nextUpdateBy } as const;
      given(api, opened)
        .when(postUpdate, { id: id(9), ...said })
        .expect({ stream, type: 'incident.update-posted', data: { updateId: newIds[0], ...said } });
    }
  });

  test('is refused if it promises the next one for a time that has passed', () => {
    given(api, opened)
      .when(postUpdate, { id: id(9), status: 'monitoring', message: 'News', nextUpdateBy: recordedAt(2) })
      .expectRejection('past-time', '/nextUpdateBy');
  });

  test('is refused if it has an impact on an unknown service', () => {
    given(api, opened)
      .when(postUpdate, { id: id(9), status: 'monitoring', message: 'News', impacts: { [id(2)]: 'major' } })
      .expectRejection('unknown-service', `/impacts/${id(2)}`);
  });

  test('is refused after 1,000 updates', () => {
    const updates = Array.from({ length: 1_000 }, () => posted('monitoring'));
    given(api, opened, ...updates)
      .when(postUpdate, { id: id(9), status: 'monitoring', message: 'News' })
      .expectRejection('too-many-updates');
  });

  test('needs an incident that exists', () => {
    given(api)
      .when(postUpdate, { id: id(9), status: 'monitoring', message: 'News' })
      .expectRejection('not-found');
  });
});

describe('posting an update from the past', () => {
  // After two events it is `recordedAt(3)`: the incident was opened a minute ago.
  const at = '2026-03-01T09:02:30.000Z';
  const news = { id: id(9), status: 'identified', message: 'News' } as const;
  const data = { updateId: newIds[0], status: 'identified', message: 'News' } as const;
  const posted: Happened = { stream, type: 'incident.update-posted', occurredAt: at, data };
  const moved: Happened = { stream, type: 'incident.status-changed', data: { status: 'resolved' } };

  test('records the time of the update and of its impacts', () => {
    given(api, opened)
      .when(postUpdate, { ...news, at, impacts: { [id(1)]: 'major' } })
      .expect({ ...posted, data: { ...data, impacts: { [id(1)]: 'major' } } });
  });

  test.each([
    ['this very moment', recordedAt(3)],
    ['the start of the incident', recordedAt(2)],
  ])('can go back to %s', (_name, time) => {
    given(api, opened)
      .when(postUpdate, { ...news, at: time })
      .expect({ ...posted, occurredAt: time });
  });

  test('is refused if the time is in the future, or before the start of the incident', () => {
    given(api, opened)
      .when(postUpdate, { ...news, at: '2026-03-01T09:03:00.001Z' })
      .expectRejection('future-time', '/at');
    given(api, opened)
      .when(postUpdate, { ...news, at: '2026-03-01T09:01:59.999Z' })
      .expectRejection('out-of-order', '/at');
  });

  test('can go back to the start of the incident, not only to the time when it was recorded', () => {
    given(api, { ...opened, occurredAt: '2026-03-01T08:00:00.000Z' })
      .when(postUpdate, { ...news, at: '2026-03-01T08:00:00.000Z' })
      .expect({ ...posted, occurredAt: '2026-03-01T08:00:00.000Z' });
  });

  test('before the latest change of status adds the text and changes nothing else', () => {
    given(api, opened, moved)
      .when(postUpdate, { ...news, at })
      .expect({ stream, type: 'incident.update-backfilled', occurredAt: at, data });
    given(api, opened, posted)
      .when(postUpdate, { ...news, at: recordedAt(2) })
      .expect({ stream, type: 'incident.update-backfilled', occurredAt: recordedAt(2), data });
  });

  test('before the latest change of status cannot change the impacts', () => {
    given(api, opened, moved)
      .when(postUpdate, { ...news, at, impacts: { [id(1)]: 'major' } })
      .expectRejection('out-of-order', '/impacts');
    given(api, opened, moved)
      .when(postUpdate, { ...news, at, impacts: { [id(1)]: 'degraded' } })
      .expect({ stream, type: 'incident.update-backfilled', occurredAt: at, data });
  });
});

describe('retracting an incident', () => {
  test('records that it was a mistake, and why if that is said', () => {
    for (const said of [{}, { reason: 'A false alarm' }]) {
      given(api, opened)
        .when(retractIncident, { id: id(9), ...said })
        .expect({ stream, type: 'incident.retracted', data: said });
    }
  });

  test('leaves nothing to change', () => {
    const retracted: Happened = { stream, type: 'incident.retracted', data: {} };
    given(api, opened, retracted)
      .when(updateIncident, { id: id(9), title: 'Down' })
      .expectRejection('not-found');
  });
});

describe('translations', () => {
  const de = { de: { title: 'Langsam' } };

  test('are recorded with the texts, or alone', () => {
    given(api, opened)
      .when(updateIncident, { id: id(9), title: 'Slower', translations: de })
      .expect({ stream, type: 'incident.described', data: { title: 'Slower', translations: de } });
    const told: Happened = { ...opened, data: { ...opened.data, translations: de } } as Happened;
    given(api, told)
      .when(updateIncident, { id: id(9), translations: de })
      .expectNothing();
    given(api, told)
      .when(updateIncident, { id: id(9), translations: {} })
      .expect({ stream, type: 'incident.described', data: { translations: {} } });
  });
});

describe('deleting an incident', () => {
  test('records that it is gone', () => {
    given(api, opened)
      .when(deleteIncident, { id: id(9) })
      .expect({ stream, type: 'incident.deleted', data: {} });
  });

  test('needs an incident that exists', () => {
    given(api)
      .when(deleteIncident, { id: id(9) })
      .expectRejection('not-found');
  });
});
