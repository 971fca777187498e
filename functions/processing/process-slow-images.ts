import { app } from '@azure/functions';
import { hubs } from '../../shared/stream/hubs.ts';
import { expiredGaps, pipelineReaders } from '../reader-states.ts';
import { hubHandler, hubTrigger } from '../../shared/stream/hub-trigger.ts';
import { slowBatch } from './composition.ts';

/** Makes the derivatives of images that nobody's ordinary photo shall wait for. */
const processSlowImages = hubHandler(hubs.slow, slowBatch, pipelineReaders, expiredGaps);

app.eventHub('processSlowImages', hubTrigger(hubs.slow, processSlowImages));
