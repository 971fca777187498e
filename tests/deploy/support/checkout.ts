import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Azure } from './standin/azure.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const copied = [
  'functions',
  'shared',
  'infra',
  'package.json',
  'package-lock.json',
  'host.json',
  'serverless.yml',
];

/** The local stack and reports are no part of a deployment. */
const isLocal = (path: string): boolean => /\/infra\/(local|power-bi)$/.test(path);

export interface Result {
  readonly code: number;
  readonly output: string;
}

/** What a person sets for a stage (docs/deploy.md). */
export const stageEnvironment = {
  DARKROOM_SQL_ADMINISTRATORS: 'darkroom-database-administrators',
  DARKROOM_SQL_ADMINISTRATORS_ID: '22222222-2222-2222-2222-222222222222',
  DARKROOM_DEPLOYER_ID: '33333333-3333-3333-3333-333333333333',
  DARKROOM_API_CLIENT_ID: '55555555-5555-5555-5555-555555555555',
  DARKROOM_ALERT_EMAIL: 'on-call@example.com',
  DARKROOM_BUDGET_START: '2026-01-01',
};

const servicePrincipal = {
  AZURE_SUBSCRIPTION_ID: '00000000-0000-0000-0000-000000000000',
  AZURE_TENANT_ID: '11111111-1111-1111-1111-111111111111',
  AZURE_CLIENT_ID: '66666666-6666-6666-6666-666666666666',
  AZURE_CLIENT_SECRET: 'rehearsal-secret',
};

/** A checkout of its own, so that packaging here disturbs nobody; only node_modules is shared. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), 'darkroom-deploy-'));
  readonly #azure: Azure | undefined;

  constructor(azure?: Azure) {
    this.#azure = azure;
    for (const path of copied) {
      cpSync(join(root, path), join(this.folder, path), {
        recursive: true,
        filter: (from) => !isLocal(from),
      });
    }
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
    this.write('web/dist/index.html', '<!doctype html><title>console</title>');
    this.write('web/dist/assets/main-1a2b.js', 'export {};');
    this.write('migrate.mjs', migration);
    if (azure) this.write('ca.pem', azure.certificate);
    this.#configure();
  }

  /** Migrations need a SQL server, waits need minutes: this stands for the one and shortens the other. */
  #configure(): void {
    const yml = readFileSync(join(this.folder, 'serverless.yml'), 'utf8');
    const configured = yml.replace(
      /migrate:(?: .+|(?:\n +- .+)+)/,
      'migrate: node migrate.mjs\n    pollInterval: 0.05\n    publishTimeout: 5\n    functionsTimeout: 2\n    referencesTimeout: 2',
    );
    if (configured === yml) throw new Error('serverless.yml has no migrate command');
    this.write('serverless.yml', configured);
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  write(path: string, text: string): void {
    mkdirSync(join(this.folder, path, '..'), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  read(path: string): string {
    return existsSync(this.path(path)) ? readFileSync(this.path(path), 'utf8') : '';
  }

  /** Runs `sls` as a person would, with the stand-in behind the proxy that the environment names. */
  sls(
    args: readonly string[],
    environment: Readonly<Record<string, string | undefined>> = {},
  ): Promise<Result> {
    const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;
    const network = this.#azure && {
      HTTPS_PROXY: this.#azure.proxy,
      NODE_EXTRA_CA_CERTS: this.path('ca.pem'),
      ...servicePrincipal,
    };
    const child = spawn(
      process.execPath,
      [join(root, 'node_modules/serverless/bin/serverless.js'), ...args],
      {
        cwd: this.folder,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...{ PATH, HOME, NODE_COMPILE_CACHE },
          CI: '1',
          SLS_TELEMETRY_DISABLED: '1',
          SLS_NOTIFICATIONS_MODE: 'off',
          SLS_DEPRECATION_DISABLE: '*',
          ...network,
          ...environment,
        },
      },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => (output += text));
    }
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code: code ?? 1, output }));
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Notes when it ran and what it was given; fails when told so. */
const migration = `
import { readFileSync, writeFileSync } from 'node:fs';
const { DARKROOM_DATABASE, DARKROOM_SYNAPSE, DARKROOM_LAKE_URL } = process.env;
const { DARKROOM_DATABASE_USERS, DARKROOM_STAGE, FAIL_MIGRATION, AZURE_FEDERATED_TOKEN_FILE } = process.env;
const token = AZURE_FEDERATED_TOKEN_FILE && readFileSync(AZURE_FEDERATED_TOKEN_FILE, 'utf8');
const seen = { at: Date.now(), DARKROOM_DATABASE, DARKROOM_SYNAPSE, DARKROOM_LAKE_URL, DARKROOM_STAGE, token };
writeFileSync('migrated.json', JSON.stringify({ ...seen, users: JSON.parse(DARKROOM_DATABASE_USERS) }));
process.exit(FAIL_MIGRATION ? 3 : 0);
`;
