import { app } from '@azure/functions';
import { hubs } from '../../shared/stream/hubs.ts';
import { expiredGaps, pipelineReaders } from '../reader-states.ts';
import { hubHandler, hubTrigger } from '../../shared/stream/hub-trigger.ts';
import { reprocessingBatch } from './composition.ts';

/** Makes them anew, on request; what there was stays until the new is there. */
const reprocessImages = hubHandler(hubs.reprocessing, reprocessingBatch, pipelineReaders, expiredGaps);

app.eventHub('reprocessImages', hubTrigger(hubs.reprocessing, reprocessImages));
