import { app } from '@azure/functions';
import { hubs } from '../../shared/stream/hubs.ts';
import { expiredGaps, pipelineReaders } from '../reader-states.ts';
import { hubHandler, hubTrigger } from '../../shared/stream/hub-trigger.ts';
import { processingBatch } from './composition.ts';

/** Makes the derivatives of new images. */
const processImages = hubHandler(hubs.processing, processingBatch, pipelineReaders, expiredGaps);

app.eventHub('processImages', hubTrigger(hubs.processing, processImages));
