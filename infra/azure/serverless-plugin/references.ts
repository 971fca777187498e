import { inGroup, waits, type App, type Context } from './context.ts';
import { until } from './steps.ts';

const version = '2024-11-01';

interface Reference {
  readonly name: string;
  readonly properties: { readonly status: string; readonly details?: string };
}

/**
 * Waits until the platform has fetched every secret that the app's settings refer to. A right that was just given takes
 * minutes to be felt; until then the app would get the text of the reference in place of the secret.
 */
export async function resolveReferences(context: Context, { name }: App): Promise<number> {
  const path = `/providers/Microsoft.Web/sites/${name}/config/configreferences/appsettings`;
  const url = (action: string) => inGroup(context, `${path}${action}`, version);
  const { poll, references } = waits(context);
  let open: readonly Reference[] = [];
  return until(
    async () => {
      const { body } = await context.client.send<{ value: Reference[] }>('GET', url(''));
      open = body.value.filter(({ properties }) => properties.status !== 'Resolved');
      if (open.length === 0) return body.value.length;
      await context.client.send('POST', url('/refresh'));
      return undefined;
    },
    {
      every: poll,
      timeout: references,
      late: () =>
        `${name} cannot read its secrets after ${references} s: ${open
          .map((one) => `${one.name} ${one.properties.status} ${one.properties.details ?? ''}`.trim())
          .join('; ')}`,
    },
  );
}
