import { readHubs, type ReadHub } from '../../shared/stream/hubs.ts';

const names: readonly string[] = readHubs;

/** Throws for a name that is no hub's, and says which there are. */
export function hubOf(name: string): ReadHub {
  if (!names.includes(name)) throw new Error(`There is no hub ${name}; there are ${names.join(', ')}.`);
  return name as ReadHub;
}

/** Hubs that were named, or all of them where that was said. */
export function hubsOf(given: readonly string[], all = false): { hubs?: ReadHub[] } {
  if (given.length > 0 === all) throw new Error('Name the hubs, or say --all.');
  return all ? {} : { hubs: given.map(hubOf) };
}
