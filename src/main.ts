// The server process: environment in, listen, signals.
import dotenv from 'dotenv';
import { createApp } from './app.ts';
import { parseConfig } from './config.ts';
import { JournalError } from './log/journal.ts';

dotenv.config({ quiet: true });
const parsed = parseConfig(process.env);
if (!parsed.ok) fail(['The configuration is not valid:', ...parsed.problems.map((problem) => `  ${problem}`)]);
const { config } = parsed;

const app = await createApp(config, { report: console.error }).catch((error: unknown) => {
  if (error instanceof JournalError)
    fail([`The log in DATA_DIR (${config.dataDir}) cannot be opened. ${error.message}`]);
  throw error;
});

app.server.on('error', async (error: NodeJS.ErrnoException) => {
  await app.close();
  if (error.code === 'EADDRINUSE') fail([`Port ${config.port} is taken; set PORT to a free one.`]);
  fail([`HOST ${config.host} with PORT ${config.port} cannot be listened on: ${error.message}.`]);
});
app.server.listen(config.port, config.host, () => {
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  console.log(`Plive listens on http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    await app.close();
    process.exit(0);
  });
}

function fail(lines: readonly string[]): never {
  console.error(lines.join('\n'));
  process.exit(1);
}
