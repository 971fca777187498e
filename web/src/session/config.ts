import { setCurrency } from '../ui/format.ts';

/** What the console has to be told: `/config.json`, which lies beside index.html and is written by the deployment. */
export interface ConsoleConfig {
  /** OIDC issuer; its discovery document is asked for the rest. */
  readonly issuer: string;
  readonly clientId: string;
  /** Scopes to ask for, separated by spaces: with `offline_access`, sessions renew silently. */
  readonly scope: string;
  /** Where the API is, `/api` unless it has an origin of its own. */
  readonly apiBase: string;
  /** ISO 4217: what amounts are in. */
  readonly currency: string;
}

let reading: Promise<ConsoleConfig> | undefined;

async function read(): Promise<ConsoleConfig> {
  const response = await fetch('/config.json');
  if (!response.ok) throw new Error(`config.json answered ${response.status}.`);
  const config = (await response.json()) as ConsoleConfig;
  setCurrency(config.currency);
  return config;
}

/** Reads the configuration once; a failure may be tried again. */
export function consoleConfig(): Promise<ConsoleConfig> {
  reading ??= read().catch((error: unknown) => {
    reading = undefined;
    throw error;
  });
  return reading;
}
