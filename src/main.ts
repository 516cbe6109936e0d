// The server's entry: reads .env and starts the server.
import dotenv from 'dotenv';
import { serve } from './app/serve.ts';

dotenv.config({ quiet: true });
await serve(process, new URL('./', import.meta.url));
