import { be16, be32, join } from './image-bytes.ts';

const fixed = (value: number) => be32(Math.round(value * 65_536) >>> 0);
const xyz = (...values: readonly number[]) => join('XYZ ', be32(0), ...values.map(fixed));
const padded = (data: Buffer) => join(data, Buffer.alloc((4 - (data.length % 4)) % 4));

/** An ICC profile (version 2) of a screen with these primaries, which are XYZ at D50, and one gamma. */
export function screenProfile(
  primaries: readonly (readonly [number, number, number])[],
  gamma: number,
): Buffer {
  const curve = join('curv', be32(0), be32(1), be16(Math.round(gamma * 256)));
  const text = join('desc', be32(0), be32(5), 'test\0', Buffer.alloc(79));
  const tags: readonly (readonly [string, Buffer])[] = [
    ['desc', text],
    ['wtpt', xyz(0.9642, 1, 0.8249)],
    ...(['rXYZ', 'gXYZ', 'bXYZ'] as const).map((name, at) => [name, xyz(...primaries[at]!)] as const),
    ...['rTRC', 'gTRC', 'bTRC'].map((name) => [name, curve] as const),
  ];
  let at = 128 + 4 + tags.length * 12;
  const table = tags.map(([name, data]) => {
    const entry = join(name, be32(at), be32(data.length));
    at += padded(data).length;
    return entry;
  });
  const head = join(
    ...[be32(at), be32(0), be32(0x02_10_00_00), 'mntrRGB XYZ ', Buffer.alloc(12), 'acsp', Buffer.alloc(28)],
    ...[fixed(0.9642), fixed(1), fixed(0.8249), Buffer.alloc(48)],
  );
  return join(head, be32(tags.length), ...table, ...tags.map(([, data]) => padded(data)));
}

/** Of sRGB (IEC 61966-2-1), adapted to D50. */
export const srgbAtD50 = [
  [0.43607, 0.22249, 0.01392],
  [0.38515, 0.71687, 0.09708],
  [0.14307, 0.06061, 0.7141],
] as const;
