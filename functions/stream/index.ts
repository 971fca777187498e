import './receive-images.ts';
import './stream-timer.ts';
