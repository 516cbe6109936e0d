// The server's entry: its settings from .env, and off it goes.
import dotenv from 'dotenv';
import { serve } from './serve.ts';

dotenv.config({ quiet: true });
await serve(process, new URL('./', import.meta.url));
