/**
 * What every local component's main.ts does alike: announce itself with one JSON line, say when its port is taken, and
 * end cleanly on SIGTERM and Ctrl-C.
 */
export interface RunningComponent {
  /** Facts for the line `{"event":"listening",…}`. */
  readonly announce: Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

/** Milliseconds that a clean end may take. */
const patience = 35_000;

export async function runAsComponent(start: () => Promise<RunningComponent>): Promise<void> {
  // Asked to stop while it still starts: whatever it started ends with it.
  const giveUp = () => process.exit(1);
  process.on('SIGTERM', giveUp).on('SIGINT', giveUp);
  try {
    const component = await start();
    let stopping = false;
    const stop = () => {
      if (stopping) return;
      stopping = true;
      setTimeout(() => process.exit(1), patience).unref();
      component.close().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    };
    process.off('SIGTERM', giveUp).off('SIGINT', giveUp).on('SIGTERM', stop).on('SIGINT', stop);
    process.stdout.write(`${JSON.stringify({ event: 'listening', ...component.announce })}\n`);
  } catch (error) {
    const { code, port } = error as NodeJS.ErrnoException & { port?: number };
    if (code === 'EADDRINUSE') {
      process.stdout.write(`${JSON.stringify({ event: 'port-taken', port })}\n`);
    }
    console.error(error);
    process.exit(1);
  }
}
