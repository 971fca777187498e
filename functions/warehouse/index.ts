import './compact-timer.ts';
import './export-now.ts';
import './export-timer.ts';
import './reconcile-timer.ts';
