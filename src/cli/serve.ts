// `plive serve`: runs the server.
import { UsageError, type Verb } from './verb.ts';

export const serveVerb: Verb = {
  name: 'serve',
  summary: 'Run the server',
  usage: `plive serve

Runs the server until it gets SIGINT or SIGTERM. Settings come from the environment and from .env in the working directory.
Exit code: 0 after a signal, 1 if the server cannot start.`,
  async run([argument], { process, root }) {
    if (argument !== undefined)
      throw new UsageError(`Unexpected argument "${argument}": settings come from the environment.`);
    // Loaded only here: the modules of the server take longer to load than most verbs take to run.
    const { serve } = await import('../app/serve.ts');
    await serve(process, root);
    return 0;
  },
};
