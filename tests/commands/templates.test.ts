// Commands on templates: what they record, their order, and what is refused.
import { describe, expect, test } from '@jest/globals';
import { createTemplate, createTemplateInput, deleteTemplate, updateTemplate } from '../../src/commands/templates.ts';
import { given, type Happened, id, newIds } from '../support/scenario.ts';

const service: Happened = {
  stream: `service-${id(1)}`,
  type: 'service.created',
  data: { name: 'API', description: 'Answers', status: 'operational', uptime: 100 },
};
const fields = { title: 'Slow', text: 'Since {{time}}' };
const template = (number: number, rank: string, data: object = {}) =>
  ({
    stream: `template-${id(number)}`,
    type: 'template.created',
    data: { ...fields, impact: 'minor', affectedServiceIds: [], impacts: {}, rank, ...data },
  }) as Happened;
const changed = (number: number, data: object) =>
  ({ stream: `template-${id(number)}`, type: 'template.changed', data }) as Happened;

describe('a new template', () => {
  const create = (sent: object) => createTemplateInput.parse({ ...fields, ...sent });

  test('comes last, and names the services that it gives a status', () => {
    given(service, template(11, 'a0'))
      .when(createTemplate, create({ impacts: { [id(1)]: 'partial' }, nextUpdateMinutes: 30 }))
      .expect({
        ...template(12, 'a1', {
          affectedServiceIds: [id(1)],
          impacts: { [id(1)]: 'partial' },
          nextUpdateMinutes: 30,
        }),
        stream: `template-${newIds[0]}`,
      } as Happened);
  });

  test('is refused with a service that there is not, and with a status for one without an impact', () => {
    given()
      .when(createTemplate, create({ services: [id(1)] }))
      .expectRejection('unknown-service', '/services/0');
    given(service)
      .when(createTemplate, create({ impact: 'none', impacts: { [id(1)]: 'partial' } }))
      .expectRejection('impact-none', '/impacts');
  });

  test('is refused after 200', () => {
    const many = Array.from({ length: 200 }, (_, index) => template(1_000 + index, `a${index}`));
    given(...many)
      .when(createTemplate, create({}))
      .expectRejection('limit-reached');
  });
});

describe('an update', () => {
  const asked = { id: id(11) };

  test('records what changed, and what is taken away', () => {
    const told = template(11, 'a0', {
      status: 'identified',
      nextUpdateMinutes: 30,
      translations: { de: { title: 'Langsam' } },
    });
    given(told)
      .when(updateTemplate, { ...asked, title: 'Slower', status: null, nextUpdateMinutes: 30 })
      .expect(changed(11, { title: 'Slower', status: null }));
    given(told)
      .when(updateTemplate, { ...asked, title: 'Slow', after: id(11) })
      .expectNothing();
    given(told)
      .when(updateTemplate, { ...asked, translations: {} })
      .expect(changed(11, { translations: {} }));
  });

  test('puts it behind another, by one event of the one that moves', () => {
    const three = [template(11, 'a0'), template(12, 'a1'), template(13, 'a2')];
    given(...three)
      .when(updateTemplate, { ...asked, after: id(12) })
      .expect(changed(11, { rank: 'a1V' }));
    given(...three)
      .when(updateTemplate, { id: id(13), after: null })
      .expect(changed(13, { rank: 'Zz' }));
    given(...three)
      .when(updateTemplate, { ...asked, after: null })
      .expectNothing();
    given(...three)
      .when(updateTemplate, { ...asked, after: id(99) })
      .expectRejection('not-found', '/after');
  });

  test('ranks its siblings anew where it must come between equal ranks', () => {
    const { decision } = given(template(11, 'a5'), template(12, 'a0'), template(13, 'a0')).when(updateTemplate, {
      ...asked,
      after: id(12),
    });
    expect(decision).toMatchObject({
      events: [{ data: { rank: 'a1' } }],
      also: [{ stream: `template-${id(13)}`, expected: 1, events: [{ data: { rank: 'a2' } }] }],
    });
  });
});

test('a deleted template is gone', () => {
  const deleted: Happened = { stream: `template-${id(11)}`, type: 'template.deleted', data: {} };
  given(template(11, 'a0'))
    .when(deleteTemplate, { id: id(11) })
    .expect(deleted);
  given(template(11, 'a0'), deleted)
    .when(deleteTemplate, { id: id(11) })
    .expectRejection('not-found');
});
