/** What every app has: streamed bodies, never held whole, and the routes that need no service. */
import { app } from '@azure/functions';
import './docs.ts';
import './health.ts';
import './live.ts';
import './note-start.ts';
import './openapi.ts';
import './unmatched.ts';

app.setup({ enableHttpStream: true });
