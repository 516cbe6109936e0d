// A server that runs as a process of its own, and gives socket clients three seconds to read in place of fifteen.
import { startApp } from '../support/start-app.ts';

const { url } = await startApp({}, { readTimeout: 3_000 });
process.stdout.write(`${url}\n`);
