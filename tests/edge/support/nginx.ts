import { spawn, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../infra/local/supervisor/ports.ts';
import { nginx, nginxModule } from './crs.ts';
import { rulesFor } from './modsecurity.ts';
import { policy, removedHeaders } from './policy.ts';

/** A request that the firewall stopped, and why. */
export interface Block {
  readonly method: string;
  readonly uri: string;
  readonly rules: readonly string[];
}

const field = (line: string, name: string): string =>
  new RegExp(`\\[${name} "((?:[^"\\\\]|\\\\.)*)"\\]`).exec(line)?.[1] ?? '';

/** What ModSecurity tells nginx's log: a line for each rule that matched, and one for the denial. */
function blocksIn(lines: readonly string[]): Block[] {
  const requests = Map.groupBy(
    lines.filter((line) => line.includes('ModSecurity: ')),
    (line) => field(line, 'unique_id'),
  );
  return [...requests.values()]
    .filter((about) => about.some((line) => line.includes('Access denied')))
    .map((about) => {
      const [, method = '', uri = ''] = /request: "(\S+) (\S+)/.exec(about[0]!) ?? [];
      const rules = about
        .filter((line) => !field(line, 'id').startsWith('949'))
        .map((line) => `${field(line, 'id')} ${field(line, 'msg')} [${field(line, 'data').slice(0, 120)}]`);
      return { method, uri, rules };
    });
}

/** Front Door before a running stack: nginx and ModSecurity with the rules of the template. */
export async function startEdge(upstream: string, directory: string) {
  const port = await freePort();
  const { host } = new URL(upstream);
  for (const folder of ['tmp', 'body']) mkdirSync(`${directory}/${folder}`, { recursive: true });
  writeFileSync(`${directory}/rules.conf`, rulesFor(policy, directory));
  const { customBlockResponseStatusCode: status, customBlockResponseBody: body } = policy.policySettings;
  writeFileSync(
    `${directory}/blocked.html`,
    Buffer.from(body, 'base64').toString().replace('{{azure-ref}}', 'here'),
  );
  const cleared = removedHeaders('api').map((name) => `proxy_set_header ${name} "";`);
  writeFileSync(
    `${directory}/nginx.conf`,
    `load_module ${nginxModule};
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1; daemon off; pid ${directory}/nginx.pid; error_log ${directory}/error.log info;
events { worker_connections 512; }
http {
  client_max_body_size 0; client_body_buffer_size 256k; large_client_header_buffers 8 64k; access_log off;
  client_body_temp_path ${directory}/body; proxy_temp_path ${directory}/tmp/p; fastcgi_temp_path ${directory}/tmp/f;
  uwsgi_temp_path ${directory}/tmp/u; scgi_temp_path ${directory}/tmp/s;
  server {
    listen 127.0.0.1:${port};
    modsecurity on; modsecurity_rules_file ${directory}/rules.conf;
    error_page 403 =${status} /blocked.html;
    location = /blocked.html { internal; modsecurity off; root ${directory}; }
    location / {
      proxy_pass http://127.0.0.1:${new URL(upstream).port}; proxy_http_version 1.1; proxy_buffering off;
      proxy_read_timeout 240s; proxy_set_header Connection ""; proxy_set_header Host ${host};
      ${cleared.join('\n      ')}
    }
  }
}
`,
  );
  execFileSync(nginx, ['-t', '-q', '-c', `${directory}/nginx.conf`], { stdio: 'pipe' });
  const child = spawn(nginx, ['-c', `${directory}/nginx.conf`], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (let tries = 0; !existsSync(`${directory}/nginx.pid`); tries += 1) {
    if (tries > 100)
      throw new Error(`nginx did not start: ${readFileSync(`${directory}/error.log`, 'utf8')}`);
    await sleep(100);
  }
  let read = 0;
  return {
    port,
    url: `http://localhost:${port}`,
    /** What was stopped since the last call. */
    async blocks(): Promise<readonly Block[]> {
      // The line is written when the answer has gone out.
      await sleep(60);
      const lines = readFileSync(`${directory}/error.log`, 'utf8').split('\n');
      const fresh = lines.slice(read);
      read = lines.length - 1;
      return blocksIn(fresh);
    },
    async stop(): Promise<void> {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export type Edge = Awaited<ReturnType<typeof startEdge>>;
