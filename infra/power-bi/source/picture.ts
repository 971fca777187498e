import { pages, type Field, type Page, type Visual } from './report.ts';

/** A page is drawn at 30 pixels a column and a row: two pages side by side. */
const unit = 30;
const page = { width: 12 * unit, height: 8 * unit };
const gap = 24;
const heading = 26;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const text = (x: number, y: number, size: number, content: string, more = ''): string =>
  `<text x="${x}" y="${y}" font-size="${size}"${more}>${escaped(content)}</text>`;

/** What stands for the data: a figure, a line, bars, rows. It shows the kind of the visual, no values. */
function sketch(type: Visual['type'], x: number, y: number, width: number, height: number): string {
  const at = (share: number, up: number): string =>
    `${(x + share * width).toFixed(1)},${(y + height - up * height).toFixed(1)}`;
  const heights = [0.35, 0.5, 0.42, 0.66, 0.58, 0.8, 0.7, 0.92];
  switch (type) {
    case 'card':
      return text(x + width / 2, y + height * 0.7, 20, '###', ' text-anchor="middle" class="mark"');
    case 'slicer':
      return text(x + width / 2, y + height * 0.6, 11, '2025  2026', ' text-anchor="middle" class="mark"');
    case 'lineChart':
      return `<polyline class="line" points="${heights.map((up, n) => at(n / 7, up)).join(' ')}"/>`;
    case 'clusteredColumnChart':
      return heights
        .map((up, n) => `<path class="bar" d="M${at(n / 8 + 0.02, 0)} V${y + height * (1 - up)} h${width / 11} V${y + height} z"/>`)
        .join('');
    case 'clusteredBarChart':
      return [0.9, 0.7, 0.5, 0.3]
        .map((share, n) => `<rect class="bar" x="${x}" y="${y + (n * height) / 4}" width="${width * share}" height="${height / 6}"/>`)
        .join('');
    case 'tableEx':
      return [0, 1, 2, 3].map((n) => `<path class="row" d="M${x} ${y + (n * height) / 4} h${width}"/>`).join('');
  }
}

const nameOf = (field: Field): string => field.replace(/^measure: /, '').replace(/^\w+\./, '');

/** A table says its columns; what other visuals show is in their titles. */
const caption = ({ type, fields }: Visual): string =>
  type === 'tableEx' ? (fields['Values'] ?? []).map(nameOf).join(' · ') : '';

/** As large as wanted, or as lets the text stay in its box; a letter is 0.56 of its height at most, on average. */
const fitting = (wanted: number, content: string, width: number): number =>
  Math.floor(Math.min(wanted, width / (content.length * 0.56)) * 10) / 10;

function visualBox(visual: Visual): string {
  const [left, top, width, height] = visual.at.map((cells) => cells * unit) as [number, number, number, number];
  const columns = caption(visual);
  const start = top + (columns === '' ? 22 : 36);
  return [
    `<rect class="box" x="${left + 2}" y="${top + 2}" width="${width - 4}" height="${height - 4}" rx="3"/>`,
    text(left + 8, top + 15, fitting(9, visual.title, width - 14), visual.title, ' class="title"'),
    ...(columns === '' ? [] : [text(left + 8, top + 28, fitting(7.5, columns, width - 14), columns, ' class="caption"')]),
    sketch(visual.type, left + 10, start, width - 20, top + height - start - 8),
  ].join('\n');
}

function pageGroup({ displayName, visuals }: Page, index: number): string {
  const x = (index % 2) * (page.width + gap);
  const y = Math.floor(index / 2) * (page.height + heading + gap);
  return [
    `<g transform="translate(${x} ${y})">`,
    text(0, 16, 13, displayName, ' class="page"'),
    `<g transform="translate(0 ${heading})">`,
    `<rect class="paper" width="${page.width}" height="${page.height}"/>`,
    ...visuals.map(visualBox),
    '</g></g>',
  ].join('\n');
}

/** The report's pages as a drawing, from the same source as the report. */
export function reportPicture(): string {
  const width = 2 * page.width + gap;
  const height = 2 * (page.height + heading) + gap;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 -8 ${width + 24} ${height + 20}" font-family="sans-serif" role="img" aria-label="Pages of the Power BI report">`,
    '<style>.back{fill:#fff}.paper{fill:#f4f4f2;stroke:#bbb}.box{fill:#fff;stroke:#d5d5d0}.page{font-weight:bold;fill:#222}.title{fill:#333}.caption,.mark{fill:#666}.bar{fill:#7a9cc6}.line{fill:none;stroke:#3b6ea8;stroke-width:2}.row{stroke:#cfcfca}</style>',
    `<rect class="back" x="-12" y="-8" width="${width + 24}" height="${height + 20}"/>`,
    ...pages.map(pageGroup),
    '</svg>',
    '',
  ].join('\n');
}
