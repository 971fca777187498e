import { app } from '@azure/functions';
import { hubs } from '../../shared/stream/hubs.ts';
import { pipelineReaders } from '../reader-states.ts';
import { hubHandler, hubTrigger } from '../../shared/stream/hub-trigger.ts';
import { processingBatch } from './composition.ts';

/** Makes the derivatives of new images. */
const processImages = hubHandler(hubs.processing, processingBatch, pipelineReaders);

app.eventHub('processImages', hubTrigger(hubs.processing, processImages));
