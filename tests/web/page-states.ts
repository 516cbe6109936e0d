// What a status page can say, each as a server to look at.
import { send } from '../examples/send.ts';
import { type StartedApp, startApp } from '../support/start-app.ts';

/** As long as a name may be, and nowhere to break it. */
const LONG_NAME = 'Verbindungsschnittstelle'.repeat(5);

type Prepare = (url: string) => Promise<unknown>;

/** By what the page says: how it comes to say it. */
const STATES: Readonly<Record<string, Prepare>> = {
  empty: async () => {},
  calm: (url) => addService(url, 'Search'),
  maintenance: underWay('maintenance'),
  degraded: underWay('degraded'),
  'partly down': underWay('partial'),
  down: underWay('major'),
  'resolved within the hour': async (url) => {
    const service = await addService(url, 'Search');
    const incident = await openIncident(url, 'Search is slow', { [service]: 'degraded' });
    await send(`${url}/api/incidents/${incident}/updates`, { status: 'resolved', message: 'It is fast again.' });
  },
  'many services': async (url) => {
    for (let number = 1; number <= 40; number += 1) await addService(url, `Service ${number}`);
  },
  'all that an organisation may say': async (url) => {
    await addService(url, 'Search');
    const settings = {
      notice: { text: 'We move to **new servers** on Sunday. [Read more](https://example.org/)' },
      headline: 'Search for everyone',
      description: 'What we run, and how it is.\n\n* Search\n* Mail',
      supportUrl: 'https://example.org/help',
      links: [{ label: 'Home', url: 'https://example.org/' }],
      accent: '#0a6a59',
      timeZone: 'Europe/Berlin',
    };
    await send(`${url}/api/page/settings`, settings, 'PUT');
  },
  'names of 120 characters': async (url) => {
    const service = await addService(url, LONG_NAME);
    const groupId = await send(`${url}/api/groups`, { name: LONG_NAME });
    await send(`${url}/api/services/${service}`, { groupId }, 'PUT');
    await send(`${url}/api/page/settings`, { headline: LONG_NAME, description: LONG_NAME }, 'PUT');
    const incident = await openIncident(url, LONG_NAME, { [service]: 'major' });
    await send(`${url}/api/incidents/${incident}/updates`, { status: 'identified', message: LONG_NAME });
    await planWork(url, LONG_NAME, [service]);
    const resolved = await openIncident(url, LONG_NAME, { [service]: 'partial' });
    await send(`${url}/api/incidents/${resolved}/updates`, { status: 'resolved', message: LONG_NAME });
  },
};

export const STATE_NAMES = Object.keys(STATES);

/** A server whose front page says this. */
export async function startInState(name: string): Promise<StartedApp> {
  const app = await startApp();
  await STATES[name]?.(app.url);
  return app;
}

/** A state that one of three services has, with an incident from `degraded` on. */
function underWay(status: string): Prepare {
  return async (url) => {
    const service = await addService(url, 'Search');
    await addService(url, 'Mail');
    await addService(url, 'Files');
    if (status === 'maintenance') return send(`${url}/api/services/${service}`, { status }, 'PUT');
    return openIncident(url, 'Search has trouble', { [service]: status });
  };
}

function addService(url: string, name: string): Promise<string> {
  return send(`${url}/api/services`, { name, description: `What ${name} does` });
}

function openIncident(url: string, title: string, impacts: Readonly<Record<string, string>>): Promise<string> {
  const impact = Object.values(impacts).includes('major') ? 'critical' : 'minor';
  return send(`${url}/api/incidents`, { title, description: title, impact, impacts });
}

function planWork(url: string, title: string, affectedServiceIds: readonly string[]): Promise<string> {
  const [startsAt, endsAt] = [60, 120].map((minutes) => new Date(Date.now() + minutes * 60_000).toISOString());
  return send(`${url}/api/maintenances`, { title, description: title, startsAt, endsAt, affectedServiceIds });
}
