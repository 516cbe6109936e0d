// `npm run lighthouse`: asks Lighthouse about the front page of the sample data, as a phone loads it. The median of three
// runs counts. It fails where a reader, a search engine or good practice misses a point; how fast the page is depends on
// the machine too, and is printed.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import lighthouse, { type Result } from 'lighthouse';
import { chromium } from 'playwright-core';
import { executablePath } from '../examples/browser.ts';
import { temporaryDirectory } from '../support/journals.ts';
import { startApp } from '../support/start-app.ts';

const RUNS = 3;
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'];
const MUST_BE_FULL = CATEGORIES.slice(1);

const directory = await temporaryDirectory();
const app = await startApp({ SAMPLE_DATA: 'true' });
const browser = await chromium.launchPersistentContext(directory, {
  executablePath,
  args: ['--no-sandbox', '--remote-debugging-port=0'],
});
const port = Number((await readFile(join(directory, 'DevToolsActivePort'), 'utf8')).split('\n')[0]);

const results: Result[] = [];
for (let run = 0; run < RUNS; run += 1) {
  const asked = await lighthouse(`${app.url}/`, { port, onlyCategories: CATEGORIES, logLevel: 'error' });
  if (asked) results.push(asked.lhr);
}
await browser.close();
app.server.closeAllConnections();
await app.close();
await rm(directory, { recursive: true, force: true });

for (const category of CATEGORIES) {
  const scores = results.map(({ categories }) => Math.round((categories[category]?.score ?? 0) * 100));
  const median = scores.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
  process.stdout.write(`${String(median).padStart(3)} ${category}\n`);
  if (median < 100) {
    for (const fault of faults(category)) process.stdout.write(`    ${fault}\n`);
    if (MUST_BE_FULL.includes(category)) process.exitCode = 1;
  }
}

/** What cost points in the last run. */
function faults(category: string): string[] {
  const last = results.at(-1);
  return (last?.categories[category]?.auditRefs ?? []).flatMap(({ id, weight }) => {
    const { score = null, title = '', displayValue = '' } = last?.audits[id] ?? {};
    return weight === 0 || score === null || score >= 0.995 ? [] : [`${id}: ${title} ${displayValue}`];
  });
}
