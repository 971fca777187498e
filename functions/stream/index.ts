import './receive-images.ts';
import './expire-chunks.ts';
