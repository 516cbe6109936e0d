// Explanations: the inputs that decide a status, and the event that set each of them.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { happenedAt } from '../../projections/events/envelope.ts';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { type ServiceStatus, STATUS_OF_IMPACT, worst } from '../../projections/events/severity.ts';
import {
  type Explanation,
  explainService,
  explainStatus,
  MAX_INPUTS,
  type TracedInput,
} from '../../projections/explain.ts';
import { findIncident } from '../../projections/incidents.ts';
import { foldModels, type Models } from '../../projections/models.ts';
import type { Service } from '../../projections/service.ts';
import { findService, selectServices } from '../../projections/services.ts';
import { selectStatus } from '../../projections/status.ts';
import { history } from '../support/histories.ts';
import { anyone, type Happened, id, recorded } from '../support/scenario.ts';

const service = (number: number, status: ServiceStatus = 'operational', organizationId = 'default'): Happened => ({
  stream: `service-${id(number)}`,
  type: 'service.created',
  organizationId,
  data: { name: `Service ${number}`, description: 'Answers', status, uptime: 100 },
});
const opened = (
  number: number,
  impacts: Record<string, 'degraded' | 'partial' | 'major'> = {},
  impact: 'minor' | 'major' | 'critical' = 'minor',
): Happened => ({
  stream: `incident-${id(number)}`,
  type: 'incident.opened',
  data: {
    title: `Incident ${number}`,
    description: 'Slower than usual',
    status: 'investigating',
    impact,
    affectedServices: [],
    affectedServiceIds: Object.keys(impacts),
    impacts,
  },
});
const moved = (number: number, status: 'monitoring' | 'resolved'): Happened => ({
  stream: `incident-${id(number)}`,
  type: 'incident.status-changed',
  data: { status },
});

/** The inputs, each with the position of the event that set it. */
function inputsOf({ inputs }: Explanation) {
  return inputs.map(({ kind, id, status, decides, source }) => ({
    kind,
    id,
    status,
    decides,
    position: source?.position,
  }));
}

describe('why a service is shown as it is', () => {
  function explained(...happened: readonly Happened[]) {
    const models = foldModels(recorded(happened));
    const explanation = explainService(models, anyone, findService(models.services, id(1)) as Service);
    const { result, total } = explanation;
    return { result, total, inputs: inputsOf(explanation) };
  }
  const report = (status: ServiceStatus, decides: boolean, position: number) => ({
    kind: 'report',
    id: id(1),
    status,
    decides,
    position,
  });
  const said = (number: number, status: ServiceStatus, decides: boolean, position: number) => ({
    kind: 'incident',
    id: id(number),
    status,
    decides,
    position,
  });

  test('is the report of its team if no incident affects it', () => {
    const reported: Happened = {
      stream: `service-${id(1)}`,
      type: 'service.status-reported',
      data: { status: 'partial' },
    };
    const renamed: Happened = { stream: `service-${id(1)}`, type: 'service.described', data: { name: 'Other' } };
    expect(explained(service(1), opened(8, {}, 'critical'))).toEqual({
      result: 'operational',
      total: 1,
      inputs: [report('operational', true, 1)],
    });
    expect(explained(service(1), reported, renamed)).toMatchObject({ inputs: [report('partial', true, 2)] });
  });

  test('is the worst impact of incidents, the worst first', () => {
    const degraded = opened(7, { [id(1)]: 'degraded' });
    const major = opened(8, { [id(1)]: 'major' });
    expect(explained(service(1), degraded, major)).toEqual({
      result: 'major',
      total: 3,
      inputs: [report('operational', false, 1), said(8, 'major', true, 3), said(7, 'degraded', false, 2)],
    });
  });

  test('leaves out resolved incidents, and counts a reopened one from its reopening', () => {
    const major = opened(8, { [id(1)]: 'major' });
    expect(explained(service(1), major, moved(8, 'resolved'))).toMatchObject({ result: 'operational', total: 1 });
    expect(explained(service(1), major, moved(8, 'resolved'), moved(8, 'monitoring')).inputs).toEqual([
      report('operational', false, 1),
      said(8, 'major', true, 4),
    ]);
    expect(explained(service(1), major, moved(8, 'monitoring')).inputs[1]).toMatchObject({ position: 2 });
  });

  test('lists a limited number of them and counts all', () => {
    const incidents = Array.from({ length: 30 }, (_, index) => opened(100 + index, { [id(1)]: 'partial' }));
    const { inputs, total } = explained(service(1), ...incidents);
    expect([inputs.length, total]).toEqual([MAX_INPUTS, 31]);
  });
});

describe('why the overall status is what it is', () => {
  function explained(happened: readonly Happened[], filter = {}) {
    const explanation = explainStatus(foldModels(recorded(happened)), anyone, filter);
    const { result, total, considered } = explanation;
    return { result, total, considered, inputs: inputsOf(explanation) };
  }

  test('has no inputs if all is well', () => {
    const happened = [service(1), opened(7, {}, 'critical'), moved(7, 'resolved')];
    const considered = { services: 1, incidents: 0, maintenances: 0 };
    expect(explained(happened)).toEqual({ result: 'operational', total: 0, considered, inputs: [] });
  });

  test('are the incidents that count for no less, and the services that are no better', () => {
    const happened = [
      service(1),
      service(2, 'partial'),
      service(3, 'degraded'),
      opened(7, { [id(1)]: 'partial' }),
      opened(8, {}, 'major'),
    ];
    expect(explained(happened)).toEqual({
      result: 'partial',
      total: 3,
      considered: { services: 3, incidents: 2, maintenances: 0 },
      inputs: [
        { kind: 'incident', id: id(8), status: 'partial', decides: true, position: 5 },
        { kind: 'service', id: id(1), status: 'partial', decides: true, position: 4 },
        { kind: 'service', id: id(2), status: 'partial', decides: true, position: 2 },
      ],
    });
  });

  test('are limited to the filter', () => {
    const happened = [service(1, 'major', 'org-456'), service(2, 'degraded')];
    expect(explained(happened, { organizationId: 'default' })).toMatchObject({
      result: 'degraded',
      inputs: [{ id: id(2) }],
    });
    expect(explained(happened, { organizationId: 'nobody' })).toMatchObject({ result: 'operational', total: 0 });
  });

  test('are listed up to a limit, incidents first, and all are counted', () => {
    const services = Array.from({ length: 30 }, (_, index) => service(100 + index, 'major'));
    const { inputs, total } = explained([...services, opened(7, {}, 'critical')]);
    expect([inputs.length, total, inputs[0]?.kind]).toEqual([MAX_INPUTS, 31, 'incident']);
  });
});

describe('of any history', () => {
  /** The severity of an input in these models, computed the slow way; `undefined` if it does not count. */
  type Severity = (models: Models) => ServiceStatus | undefined;

  function severityOf({ kind, id: inputId }: TracedInput, service?: Service): Severity {
    if (kind === 'report') return ({ services }) => findService(services, inputId)?.reportedStatus;
    return ({ incidents }) => {
      const incident = findIncident(incidents, inputId);
      if (!incident || incident.status === 'resolved') return undefined;
      return service ? incident.impacts[service.id] : STATUS_OF_IMPACT[incident.impact];
    };
  }

  /** The inputs of every service and of the overall status, each with how to compute its severity. Leaves out services as inputs. */
  function inputsWithSeverity(models: Models): (readonly [TracedInput, Severity])[] {
    const ofServices = selectServices(models.services, anyone, {}).flatMap((service) =>
      explainService(models, anyone, service).inputs.map((input) => [input, severityOf(input, service)] as const),
    );
    const { inputs } = explainStatus(models, anyone, {});
    const incidents = inputs.filter(({ kind }) => kind === 'incident');
    return [...ofServices, ...incidents.map((input) => [input, severityOf(input)] as const)];
  }

  /** The last event of the input's own stream that changed its severity, found the slow way: by folding the stream. */
  function sourceInStream({ kind, id: inputId }: TracedInput, severity: Severity, events: readonly RecordedEvent[]) {
    const stream = kind === 'report' ? `service-${inputId}` : `incident-${inputId}`;
    const own = events.filter((event) => event.stream === stream);
    const severities = own.map((_, index) => severity(foldModels(own.slice(0, index + 1))));
    const last = own.findLast((_, index) => severities[index] !== severities[index - 1]) as RecordedEvent;
    const { position, type, recordedAt } = last;
    return { position, type, happenedAt: happenedAt(last), recordedAt };
  }

  test('the inputs give the result', async () => {
    await fc.assert(
      fc.asyncProperty(history(40), async (play) => {
        const { live } = await play();
        for (const service of selectServices(live.services, anyone, {})) {
          const { result, inputs } = explainService(live, anyone, service);
          expect(result).toBe(service.status);
          expect(worst(inputs.map(({ status }) => status))).toBe(result);
          for (const input of inputs) expect(input.decides).toBe(input.status === result);
        }
        const { result, inputs } = explainStatus(live, anyone, {});
        expect(result).toBe(selectStatus(live, anyone, {}).overallStatus);
        expect(worst(inputs.map(({ status }) => status))).toBe(result);
      }),
      { numRuns: 30 },
    );
  });

  test('each input was set by its event and is unchanged since', async () => {
    await fc.assert(
      fc.asyncProperty(history(40), async (play) => {
        const { events, live } = await play();
        const until = events.map((_, index) => foldModels(events.slice(0, index)));
        for (const [input, severity] of inputsWithSeverity(live)) {
          const position = input.source?.position ?? 0;
          expect(severity(live)).toBe(input.status);
          expect(severity(until[position - 1] as Models)).not.toBe(input.status);
          for (const models of until.slice(position)) expect(severity(models)).toBe(input.status);
        }
      }),
      { numRuns: 30 },
    );
  });

  /** Compares the event of each input with what a fold of its stream finds. */
  function expectSourcesInStreams(models: Models, events: readonly RecordedEvent[]) {
    for (const [input, severity] of inputsWithSeverity(models)) {
      expect(input.source).toEqual(sourceInStream(input, severity, events));
    }
    for (const { kind, id: serviceId, source } of explainStatus(models, anyone, {}).inputs) {
      if (kind !== 'service') continue;
      const { inputs } = explainService(models, anyone, findService(models.services, serviceId) as Service);
      expect(source).toEqual(inputs.find(({ decides }) => decides)?.source);
    }
  }

  test('the event of each input is the one that a fold of its stream finds', async () => {
    await fc.assert(
      fc.asyncProperty(history(40), async (play) => {
        const { events, live } = await play();
        expectSourcesInStreams(live, events);
      }),
      { numRuns: 30 },
    );
  });

  const claimed = fc.constantFrom(
    {},
    { [id(1)]: 'partial' },
    { [id(2)]: 'major' },
    { [id(1)]: 'partial', [id(2)]: 'partial' },
  );
  const assessed = fc.record({ impact: fc.constantFrom('minor', 'major'), impacts: claimed }, { requiredKeys: [] });
  const status = fc.constantFrom('investigating', 'monitoring', 'resolved');
  const stream = `incident-${id(7)}`;
  /** Of few values, so that events often repeat them and reopen the incident. */
  const change = fc.oneof(
    assessed.map((data) => ({ stream, type: 'incident.assessed', data })),
    status.map((to) => ({ stream, type: 'incident.status-changed', data: { status: to } })),
    status.map((to) => ({
      stream,
      type: 'incident.update-posted',
      data: { updateId: id(70), status: to, message: '' },
    })),
    fc.constant({ stream, type: 'incident.described', data: { title: 'Other' } }),
    fc.constantFrom('operational', 'major').map((to) => ({
      stream: `service-${id(1)}`,
      type: 'service.status-reported',
      data: { status: to },
      occurredAt: '2026-02-01T00:00:00.000Z',
    })),
  ) as fc.Arbitrary<Happened>;

  test('the same holds if events repeat earlier values, and reopen the incident', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const events = recorded([service(1), service(2), opened(7, { [id(1)]: 'partial' }), ...changes]);
        expectSourcesInStreams(foldModels(events), events);
      }),
      { numRuns: 100 },
    );
  });
});
