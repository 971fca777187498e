import './process-images.ts';
import './reprocess-images.ts';
