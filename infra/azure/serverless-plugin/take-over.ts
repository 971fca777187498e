import { inGroup, type Context, type Outputs } from './context.ts';

export const isFailedOver = ({ parameters }: Context): boolean => parameters['failedOver']?.value === true;

/**
 * Switches on the apps that stood by. The template leaves apps as they are while the stage is failed over: their settings
 * name what only the lost region could be asked for.
 */
export async function takeOver(context: Context, { functionApps }: Outputs): Promise<number> {
  if (!isFailedOver(context)) return 0;
  for (const { name } of functionApps) {
    await context.client.send(
      'PATCH',
      inGroup(context, `/providers/Microsoft.Web/sites/${name}`, '2024-11-01'),
      { json: { properties: { enabled: true } } },
    );
  }
  return functionApps.length;
}
