import { app } from '@azure/functions';
import { hubs } from '../../shared/stream/hubs.ts';
import { expiredGaps, pipelineReaders } from '../reader-states.ts';
import { hubHandler, hubTrigger } from '../../shared/stream/hub-trigger.ts';
import { streamBatch } from './composition.ts';

/** The one path for images of both sources, HTTP and Kafka: decode, check, store, row, event. */
const receiveImages = hubHandler(hubs.stream, streamBatch, pipelineReaders, expiredGaps);

app.eventHub('receiveImages', hubTrigger(hubs.stream, receiveImages));
