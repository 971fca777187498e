import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Connection } from '../../../client/connection.ts';
import type { ImageDetail } from '../../../client/api-types.ts';
import { waitForImage } from '../../../client/wait-for-image.ts';
import { startStack, type Stack, type StackOptions } from '../../../infra/local/stack.ts';

/** Milliseconds that starting a stack may take on a machine that does other things too. */
export const startPatience = 180_000;

export interface TestStack extends Stack {
  /** What the CLI's helpers talk through, with this stack's tokens. */
  readonly connection: Connection;
  /** Calls the API as a persona; `path` starts behind /api. */
  call(persona: string, path: string, request?: RequestInit): Promise<Response>;
  /** Waits until the image is processed, rejected or failed, and answers it. */
  outcome(imageId: string, patience?: number): Promise<ImageDetail>;
  /** The last lines of every component, for a test that fails. */
  readonly lines: readonly string[];
}

const keptLines = 400;

/** The whole stack on free ports, its state in a temporary directory; `stop` leaves nothing behind. */
export async function startTestStack(options: Partial<StackOptions> = {}): Promise<TestStack> {
  const stateDir = await mkdtemp(`${tmpdir()}/darkroom-stack-`);
  const lines: string[] = [];
  const stack = await startStack({
    stateDir,
    ports: 'ephemeral',
    // Started where a test is about it.
    hasReplica: false,
    ...options,
    onLine(component, line) {
      options.onLine?.(component, line);
      lines.push(`${component} ${line}`);
      if (lines.length > keptLines) lines.shift();
    },
  });
  const tokens = new Map<string, Promise<string>>();
  const tokenOf = (persona: string) => {
    const token = tokens.get(persona) ?? stack.token(persona);
    tokens.set(persona, token);
    return token;
  };
  const connection: Connection = {
    api: stack.endpoints.api,
    token: tokenOf,
    kafka: () => ({ broker: stack.endpoints.kafka, connectionString: stack.endpoints.hubs }),
  };
  return {
    ...stack,
    lines,
    connection,
    async call(persona, path, request = {}) {
      const headers = new Headers(request.headers);
      headers.set('authorization', `Bearer ${await tokenOf(persona)}`);
      return fetch(`${stack.endpoints.api}/api${path}`, { ...request, headers });
    },
    async outcome(imageId, patience = 60_000) {
      const image = await waitForImage(connection, imageId, { timeoutMs: patience });
      if (!image) throw new Error(`The image ${imageId} is not known.\n${lines.slice(-40).join('\n')}`);
      return image;
    },
    async stop() {
      await stack.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
