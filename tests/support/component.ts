import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { componentArguments, componentEnvironment, root } from '../../infra/local/component-process.ts';

export interface TestComponent {
  readonly announcement: Readonly<Record<string, unknown>>;
  /** Every line that the process wrote. */
  readonly lines: readonly string[];
  readonly child: ChildProcess;
  /** Resolves with the first line, past or future, that passes. */
  line(passes: (line: string) => boolean): Promise<string>;
  /** Sends the signal (SIGTERM unless told) and resolves with the exit code when the process is gone. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Runs a local component's main.ts under the supervisor's conditions and waits until it announces itself. */
export async function runComponent(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<TestComponent> {
  const child = spawn(process.execPath, componentArguments(script, args), {
    cwd: root,
    env: componentEnvironment(environment),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      waiting.forEach((look) => look());
    });
  }

  const line = (passes: (line: string) => boolean) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = lines.find(passes);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      void exited.then((code) => reject(new Error(`${script} ended with ${code}:\n${lines.join('\n')}`)));
    });

  const announcement = JSON.parse(await line((text) => text.startsWith('{"event":"listening"'))) as Record<
    string,
    unknown
  >;
  return {
    announcement,
    lines,
    child,
    line,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return exited;
    },
  };
}
