/**
 * Preloaded into every local component (`node --import`): when whoever started it is gone, its end of standard input
 * closes, and the component stops as if asked to; one that does not stop in time is ended. So nothing is left behind,
 * even when the supervisor was killed. Worker threads inherit the preload but not standard input: they leave it.
 */
import { isMainThread } from 'node:worker_threads';

const patience = 10_000;

function watch() {
  process.stdin
    .on('end', () => {
      process.kill(process.pid, 'SIGTERM');
      setTimeout(() => process.exit(1), patience).unref();
    })
    .on('error', () => process.exit(1))
    .resume();
  process.stdin.unref?.();
}

if (isMainThread) watch();
