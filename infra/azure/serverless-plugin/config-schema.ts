import type { Serverless } from './serverless.ts';

const text = { type: 'string' } as const;
const texts = { type: 'array', items: text } as const;
const object = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const value = { anyOf: [text, { type: 'number' }, { type: 'boolean' }] };

/** serverless-azure-functions fills these in before the file is checked. */
const filledIn = Object.fromEntries(
  ['prefix', 'type', 'deployment', 'subscriptionId', 'tenantId', 'appId', 'apim'].map((name) => [name, {}]),
);

/** What serverless.yml may say for Azure, so that a typing error in it is an error before anything is deployed. */
export function defineConfigSchema({ configSchemaHandler: handler }: Serverless): void {
  handler.defineProvider('azure', {
    provider: {
      properties: {
        ...filledIn,
        runtime: { const: 'nodejs24' },
        os: { const: 'linux' },
        region: text,
        resourceGroup: { type: 'string', pattern: '^[A-Za-z0-9._()-]{1,90}$' },
        tags: { type: 'object', additionalProperties: text },
        armTemplate: object(
          { file: text, parameters: { type: 'object', additionalProperties: object({ value }, ['value']) } },
          ['file', 'parameters'],
        ),
      },
      required: ['runtime', 'region', 'armTemplate'],
    },
    function: { properties: { handler: text, app: text }, required: ['handler', 'app'] },
  });
  const event = (name: string, schema: object) => {
    handler.defineFunctionEvent('azure', name, schema);
  };
  event(
    'http',
    object({ methods: texts, route: text, authLevel: { const: 'anonymous' } }, ['methods', 'route']),
  );
  event('eventHub', object({ hub: text, consumerGroup: text, connection: text }, ['hub', 'consumerGroup']));
  event('timer', object({ schedule: text }, ['schedule']));
  handler.defineCustomProperties({
    properties: {
      darkroom: object(
        {
          migrate: { anyOf: [text, texts] },
          console: text,
          currency: { type: 'string', pattern: '^[A-Z]{3}$' },
          lockLedgerDigests: { anyOf: [{ type: 'boolean' }, text] },
          publishTimeout: { type: 'number' },
          functionsTimeout: { type: 'number' },
          referencesTimeout: { type: 'number' },
          pollInterval: { type: 'number' },
        },
        ['migrate', 'console', 'currency', 'lockLedgerDigests'],
      ),
    },
  });
}
