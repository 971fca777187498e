/**
 * What the firewall in front of the API answers, to what it takes for an attack and past a rate limit alike: Front Door
 * has one status and one body for both. The API itself never uses this code.
 */
export const edgeBlock = {
  type: 'urn:darkroom:problem:blocked-at-edge',
  code: 'blocked-at-edge',
  title: 'The firewall refused the request',
  status: 403,
  detail:
    'The firewall in front of Darkroom refused this request: its content looks like an attack, or too many requests came from your network within a minute. Sending it again at once does not help.',
  /** Front Door puts its own name of the request here, under which its logs have the rest. */
  instance: 'urn:darkroom:edge:{{azure-ref}}',
} as const;
