// `plive serve`: runs the server.
import { UsageError, type Verb } from './verb.ts';

export const serveVerb: Verb = {
  name: 'serve',
  summary: 'Run the server',
  usage: `plive serve

Runs the server until it gets SIGINT or SIGTERM. Settings come from the environment and from .env in the working directory.
Exit code: 0 after a signal, 1 if the server cannot start.`,
  async run([argument], { root }) {
    if (argument !== undefined)
      throw new UsageError(`Unexpected argument "${argument}": settings come from the environment.`);
    // By an address that the bundler does not follow: the server takes longer to load than most verbs take to run.
    await import(new URL('server.js', root).href);
    return 0;
  },
};
