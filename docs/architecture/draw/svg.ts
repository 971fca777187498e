import { rectOf, sheet, type Node, type Zone } from '../types.ts';
import type { Arrow, Drawing } from './lay-out.ts';
import type { Point } from './route.ts';
import { fontFamily, ink, lid, line, quiet, stepFill, styles, zoneStyles } from './style.ts';
import { fonts } from './text.ts';
import { zoneTitleRect } from './zones.ts';

export const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

interface Words {
  readonly size: number;
  readonly bold?: boolean;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle';
}

const words = (
  text: string,
  x: number,
  y: number,
  { size, bold, fill = ink, anchor = 'middle' }: Words,
): string =>
  `<text x="${x}" y="${y}" font-size="${size}"${bold === true ? ' font-weight="bold"' : ''} fill="${fill}" text-anchor="${anchor}">${escape(text)}</text>`;

function outline({ kind, at }: Node): string {
  const { x, y, width, height } = rectOf(at);
  const { fill, stroke, shape } = styles[kind];
  const paint = `fill="${fill}" stroke="${stroke}" stroke-width="1.5"`;
  if (shape === 'cylinder') {
    const side = `M${x} ${y + lid} a${width / 2} ${lid} 0 0 1 ${width} 0 v${height - 2 * lid} a${width / 2} ${lid} 0 0 1 ${-width} 0 z`;
    const rim = `M${x} ${y + lid} a${width / 2} ${lid} 0 0 0 ${width} 0`;
    return `<path d="${side}" ${paint}/><path d="${rim}" fill="none" stroke="${stroke}" stroke-width="1.5"/>`;
  }
  const round = shape === 'pill' ? 20 : 5;
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}" ${paint}/>`;
}

/** Height of what is written in a box, pixels. */
export const textHeight = ({ lines }: Pick<Node, 'lines'>): number =>
  fonts.caption.leading + fonts.name.leading + lines.length * fonts.line.leading;

function box(node: Node): string {
  const { x, y, width, height } = rectOf(node.at);
  const middle = x + width / 2;
  // Below the lid.
  const low = styles[node.kind].shape === 'cylinder' ? 2 * lid : 0;
  let baseline = y + low + (height - low - textHeight(node)) / 2 + fonts.caption.size;
  const texts = [words(node.caption, middle, baseline, { size: fonts.caption.size, fill: quiet })];
  baseline += fonts.name.leading;
  texts.push(words(node.name, middle, baseline, { size: fonts.name.size, bold: true }));
  for (const text of node.lines) {
    baseline += fonts.line.leading;
    texts.push(words(text, middle, baseline, { size: fonts.line.size, fill: quiet }));
  }
  return `<g>${outline(node)}${texts.join('')}</g>`;
}

function zone(one: Zone): string {
  const { x, y, width, height } = rectOf(one.at);
  const { fill, stroke, dashed } = zoneStyles[one.tone];
  const title = zoneTitleRect(one);
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${fill}" stroke="${stroke}"${dashed ? ' stroke-dasharray="6 4"' : ''}/>`,
    words(one.name, title.x, title.y + fonts.zone.size, {
      size: fonts.zone.size,
      bold: true,
      fill: quiet,
      anchor: 'start',
    }),
  ].join('');
}

const path = (route: readonly Point[]): string =>
  route.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join(' ');

const arrowLine = ({ edge, route }: Arrow): string =>
  `<path d="${path(route)}" fill="none" stroke="${line}" stroke-width="1.4"${edge.dashed === true ? ' stroke-dasharray="5 4"' : ''} marker-end="url(#end)"${edge.both === true ? ' marker-start="url(#start)"' : ''}/>`;

function arrowLabel({ edge, label }: Arrow): string {
  if (label === undefined) return '';
  const { rect, lines } = label;
  const parts: string[] = [];
  const numbered = edge.step !== undefined;
  const at = numbered
    ? ({ x: rect.x + fonts.step.diameter + 4, anchor: 'start' } as const)
    : ({ x: rect.x + rect.width / 2, anchor: 'middle' } as const);
  if (lines.length > 0)
    parts.push(
      `<rect x="${rect.x}" y="${rect.y}" width="${rect.width}" height="${rect.height}" fill="#ffffff" fill-opacity="0.94"/>`,
    );
  if (numbered) {
    const r = fonts.step.diameter / 2;
    const middle = rect.y + rect.height / 2;
    parts.push(
      `<circle cx="${rect.x + r}" cy="${middle}" r="${r}" fill="${stepFill}"/>`,
      words(edge.step, rect.x + r, middle + 4, { size: fonts.step.size, bold: true, fill: '#ffffff' }),
    );
  }
  const top = rect.y + (rect.height - lines.length * fonts.label.leading) / 2;
  lines.forEach((text, index) => {
    const y = top + index * fonts.label.leading + fonts.label.size;
    parts.push(words(text, at.x, y, { size: fonts.label.size, anchor: at.anchor }));
  });
  return `<g>${parts.join('')}</g>`;
}

const head = (id: string, d: string, at: number): string =>
  `<marker id="${id}" markerWidth="9" markerHeight="8" refX="${at}" refY="4" orient="auto" markerUnits="userSpaceOnUse"><path d="${d}" fill="${line}"/></marker>`;

/** One page as a picture that stands alone. */
export function toSvg({ page, arrows }: Drawing): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${sheet.width} ${sheet.height}" width="${sheet.width}" height="${sheet.height}" font-family="${fontFamily}" role="img" aria-label="${escape(page.title)}">`,
    `<title>${escape(page.title)}</title>`,
    `<defs>${head('end', 'M0 0 L9 4 L0 8 z', 9)}${head('start', 'M9 0 L0 4 L9 8 z', 0)}</defs>`,
    `<rect width="${sheet.width}" height="${sheet.height}" fill="#ffffff"/>`,
    words(page.title, 30, 32, { size: fonts.title.size, bold: true, anchor: 'start' }),
    ...page.zones.map(zone),
    ...arrows.map(arrowLine),
    ...page.nodes.map(box),
    ...arrows.map(arrowLabel),
    words(page.legend, 30, sheet.height - 12, { size: fonts.line.size, fill: quiet, anchor: 'start' }),
    '</svg>',
    '',
  ].join('\n');
}
