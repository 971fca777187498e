import { settings } from '../../shared/platform/config.ts';
import { requireEngine } from '../../shared/images/process/engine/require-engine.ts';
import './process-images.ts';
import './reprocess-images.ts';

requireEngine(settings.shape.DARKROOM_PROCESSING_ENGINE.parse(process.env['DARKROOM_PROCESSING_ENGINE']));
