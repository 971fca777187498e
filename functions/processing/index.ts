import hostJson from '../../host.json' with { type: 'json' };
import { settings } from '../../shared/platform/config.ts';
import { requireEngine } from '../../shared/images/process/engine/require-engine.ts';
import { removeLeftovers, requireRoom } from '../../shared/images/process/file/spool.ts';
import { unreservedWorkers } from '../../shared/images/process/worker-turns.ts';
import { readHostLimits, requireTimeBudget } from '../../shared/stream/time-budget.ts';
import './process-images.ts';
import './process-slow-images.ts';
import './reprocess-images.ts';

const { shape } = settings;
const said = (name: keyof typeof shape): string | undefined => process.env[name] || undefined;

requireEngine(shape.DARKROOM_PROCESSING_ENGINE.parse(said('DARKROOM_PROCESSING_ENGINE')));

// As many as there are at least: how many there will be is not known before the first image.
const leastWorkers = shape.DARKROOM_PROCESSING_WORKERS.parse(said('DARKROOM_PROCESSING_WORKERS')) || 1;
removeLeftovers();
requireRoom(shape.DARKROOM_MAX_IMAGE_BYTES.parse(said('DARKROOM_MAX_IMAGE_BYTES')), leastWorkers);

requireTimeBudget({
  ...readHostLimits(hostJson),
  longestMs: shape.DARKROOM_PROCESSING_TIMEOUT_MS.parse(said('DARKROOM_PROCESSING_TIMEOUT_MS')),
  workers: unreservedWorkers(leastWorkers),
});
