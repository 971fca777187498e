import sharp, { type Sharp } from 'sharp';
import { makeRandom, type Random } from '../../shared/database/seed/random.ts';

interface Light {
  /** The sky from its top to the horizon. */
  readonly sky: readonly [top: string, middle: string, horizon: string];
  /** Hills from the farthest to the nearest: those far away take the colour of the air. */
  readonly hills: readonly [far: string, near: string];
  readonly sun: string;
  /** Height of the sun: 0 at the horizon, 1 at the top. */
  readonly height: number;
  readonly stars?: boolean;
}

/** Times of day and seasons; a picture is one of them. */
const lights: readonly Light[] = [
  { sky: ['#2b4a7f', '#f2a16b', '#ffe3b0'], hills: ['#c98f7d', '#2a2338'], sun: '#fff3d6', height: 0.12 },
  { sky: ['#3f83c9', '#8fc1e8', '#e6f1f5'], hills: ['#9fb9c4', '#27452f'], sun: '#fffbe8', height: 0.75 },
  {
    sky: ['#0b1433', '#243463', '#5b6390'],
    hills: ['#3a4470', '#0b1020'],
    sun: '#f4f1e0',
    height: 0.7,
    stars: true,
  },
  { sky: ['#6d86a3', '#b3c0cb', '#eceff0'], hills: ['#b9c3ca', '#3f4f56'], sun: '#ffffff', height: 0.45 },
  { sky: ['#46306e', '#c2527c', '#ffb88a'], hills: ['#9c5f83', '#231630'], sun: '#ffe0b8', height: 0.2 },
  { sky: ['#4b92b8', '#a9d5d2', '#f8efcf'], hills: ['#c7c39a', '#5b4a1e'], sun: '#fff6cc', height: 0.5 },
  { sky: ['#5579a8', '#c9b9c4', '#f7dcc4'], hills: ['#c3a58f', '#6e2f1d'], sun: '#fff0d8', height: 0.3 },
  { sky: ['#1f5c73', '#6db7b0', '#e8f3d8'], hills: ['#8fbfae', '#123b36'], sun: '#fdfde8', height: 0.6 },
];

const channels = (colour: string): readonly number[] =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** Between two colours: `part` 0 is the first, 1 the second. */
function mix(from: string, to: string, part: number): string {
  const [a, b] = [channels(from), channels(to)];
  return `rgb(${a.map((value, at) => Math.round(value + (b[at]! - value) * part)).join(' ')})`;
}

/** A ridge from the left edge to the right one, by moving the middle of each piece up or down, less each time. */
function ridge(random: Random, base: number, rough: number): readonly number[] {
  let points = [base + (random.next() - 0.5) * rough, base + (random.next() - 0.5) * rough];
  for (let swing = rough; points.length < 130; swing *= 0.52) {
    points = points.flatMap((y, at) => {
      const next = points[at + 1];
      return next === undefined ? [y] : [y, (y + next) / 2 + (random.next() - 0.5) * swing];
    });
  }
  return points;
}

function hill(random: Random, light: Light, depth: number, count: number): string {
  const near = depth / (count - 1);
  const points = ridge(random, 118 + near * 52, 62 * (1 - near * 0.55));
  const line = points.map((y, at) => `L${((at / (points.length - 1)) * 300).toFixed(1)} ${y.toFixed(1)}`);
  const [top, foot] = [mix(...light.hills, near ** 0.8), mix(...light.hills, Math.max(0, near - 0.22))];
  return `<linearGradient id="h${depth}" x2="0" y2="1"><stop stop-color="${top}"/><stop offset="1" stop-color="${foot}"/></linearGradient>
  <path d="M0 200 ${line.join(' ')} L300 200Z" fill="url(#h${depth})"/>`;
}

/** Firs along the front, as one dark shape. */
function trees(random: Random, light: Light): string {
  const each = Array.from({ length: 34 }, () => {
    const [x, tall] = [random.next() * 300, 9 + random.next() * 20];
    const y = 200 - random.next() * 6;
    return `M${x.toFixed(1)} ${(y - tall).toFixed(1)}l${(tall * 0.2).toFixed(1)} ${(tall + 8).toFixed(1)}h${(-tall * 0.4).toFixed(1)}z`;
  });
  return `<path d="${each.join('')}" fill="${mix(light.hills[1], '#000000', 0.35)}"/>`;
}

function clouds(random: Random, light: Light): string {
  const each = Array.from({ length: 9 }, () => {
    const [x, y, wide] = [random.next() * 300, 12 + random.next() * 66, 24 + random.next() * 60];
    return `<ellipse cx="${x.toFixed(0)}" cy="${y.toFixed(0)}" rx="${wide.toFixed(0)}" ry="${(wide * 0.17).toFixed(1)}"/>`;
  });
  return `<g fill="url(#cloud)" opacity="${light.stars ? 0.12 : 0.6}">${each.join('')}</g>`;
}

function stars(random: Random): string {
  const each = Array.from({ length: 110 }, () => {
    const [x, y, size] = [random.next() * 300, random.next() * 105, 0.2 + random.next() ** 3 * 0.7];
    return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${size.toFixed(2)}"/>`;
  });
  return `<g fill="#fff" opacity="0.85">${each.join('')}</g>`;
}

/** A landscape as SVG, another one for each seed. */
function environmentSvg(width: number, height: number, seed: number): Buffer {
  const random = makeRandom(seed * 7919);
  const light = lights[(seed - 1) % lights.length]!;
  const [top, middle, horizon] = light.sky;
  const cloud = mix(horizon, '#ffffff', 0.5);
  const [sunX, sunY] = [60 + random.next() * 180, 122 - light.height * 92];
  const count = 5;
  const hills = Array.from({ length: count }, (_, depth) => hill(random, light, depth, count));
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 300 200" preserveAspectRatio="xMidYMid slice">
  <linearGradient id="sky" x2="0" y2="0.72"><stop stop-color="${top}"/><stop offset="0.62" stop-color="${middle}"/><stop offset="1" stop-color="${horizon}"/></linearGradient>
  <radialGradient id="glow"><stop stop-color="${light.sun}" stop-opacity="0.9"/><stop offset="0.25" stop-color="${light.sun}" stop-opacity="0.35"/><stop offset="1" stop-color="${light.sun}" stop-opacity="0"/></radialGradient>
  <radialGradient id="edge" r="0.75"><stop offset="0.62" stop-opacity="0"/><stop offset="1" stop-opacity="0.32"/></radialGradient>
  <radialGradient id="cloud"><stop stop-color="${cloud}"/><stop offset="0.35" stop-color="${cloud}" stop-opacity="0.75"/><stop offset="1" stop-color="${cloud}" stop-opacity="0"/></radialGradient>
  <rect width="300" height="200" fill="url(#sky)"/>
  ${light.stars ? stars(random) : ''}
  <circle cx="${sunX.toFixed(0)}" cy="${sunY.toFixed(0)}" r="${light.stars ? 34 : 78}" fill="url(#glow)"/>
  <circle cx="${sunX.toFixed(0)}" cy="${sunY.toFixed(0)}" r="${light.stars ? 7 : 8.5}" fill="${light.sun}"/>
  ${clouds(random, light)}
  ${hills.join('\n  ')}
  ${random.next() < 0.6 ? trees(random, light) : ''}
  <rect width="300" height="200" fill="url(#edge)"/>
</svg>`);
}

/** The same, rendered. */
export const landscape = (width: number, height: number, seed: number): Sharp =>
  sharp(environmentSvg(width, height, seed)).removeAlpha();
