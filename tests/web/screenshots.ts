// `npm run screenshots`: pictures of the status page of the sample data, light and dark, for the README.
import { launchBrowser } from '../examples/browser.ts';
import { startApp } from '../support/start-app.ts';

const FOLDER = 'examples';
/** At this height the picture ends below the services. */
const SIZE = { width: 1280, height: 1250 };

const app = await startApp({ SAMPLE_DATA: 'true' });
const browser = await launchBrowser();
for (const colorScheme of ['light', 'dark'] as const) {
  const page = await browser.newPage({ colorScheme, viewport: SIZE, reducedMotion: 'reduce' });
  await page.goto(`${app.url}/`);
  await page.locator('[data-live-word]').getByText('Live', { exact: true }).waitFor();
  const path = `${FOLDER}/status-page-${colorScheme}.png`;
  await page.screenshot({ path });
  process.stdout.write(`${path}\n`);
  await page.close();
}
await browser.close();
app.server.closeAllConnections();
await app.close();
