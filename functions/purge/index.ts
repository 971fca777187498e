import './checkpoint-timer.ts';
import './purge-now.ts';
import './purge-timer.ts';
import './sweep-timer.ts';
