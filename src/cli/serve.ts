// `plive serve`: the server.
import { UsageError, type Verb } from './verb.ts';

export const serveVerb: Verb = {
  name: 'serve',
  summary: 'Run the server',
  usage: `plive serve

Runs the server as the environment and .env tell it to, until it is ended by SIGINT or SIGTERM.
Exit code: 0 when it was ended, 1 if it cannot serve.`,
  async run([word], { process, root }) {
    if (word !== undefined) throw new UsageError(`"${word}" is too much: the server is told by its environment.`);
    // No other verb needs what a server is made of: it takes longer to load than most of them to run.
    const { serve } = await import('../app/serve.ts');
    await serve(process, root);
    return 0;
  },
};
