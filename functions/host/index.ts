/** Settings of the worker that every app shares: request and response bodies are streamed, never held whole. */
import { app } from '@azure/functions';

app.setup({ enableHttpStream: true });
