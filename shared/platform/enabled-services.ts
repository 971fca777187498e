import { serviceNames, type ServiceName } from './services.ts';

/** The services in a comma-separated list, every one for an empty list; throws on a name that is none. */
export function enabledServices(list: string | undefined): readonly ServiceName[] {
  const names = (list ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) return serviceNames;
  const unknown = names.filter((name) => !(serviceNames as readonly string[]).includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `DARKROOM_SERVICES names ${unknown.join(', ')}, but the services are ${serviceNames.join(', ')}.`,
    );
  }
  return serviceNames.filter((name) => names.includes(name));
}
