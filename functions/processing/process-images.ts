import { app } from '@azure/functions';
import { hubs } from '../../shared/hubs.ts';
import { hubHandler, hubTrigger } from '../../shared/pipeline/hub-trigger.ts';
import { processingBatch } from './parts.ts';

/** Makes the derivatives of new images. */
export const processImages = hubHandler(hubs.processing, processingBatch);

app.eventHub('processImages', hubTrigger(hubs.processing, processImages));
