import { linesOf, textNodes } from './diagram-lines.ts';

const svgNames = 'http://www.w3.org/2000/svg';
const margin = 16;
/** How far below its middle a line of Helvetica stands, in font sizes. */
const baseline = 0.35;

/** By night the sheet is dark and the icons keep their colours. */
const night =
  '@media (prefers-color-scheme: dark) { g.sheet { filter: invert(0.9) hue-rotate(180deg) } image { filter: hue-rotate(180deg) invert(1) } }';

function make(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS(svgNames, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

const transparent = 'rgba(0, 0, 0, 0)';

/** The colour that a label lays under itself, so that the arrow it stands on does not run through it. */
function backgroundOf(element: Element | null, within: Element): string | undefined {
  for (let one = element; one !== null && one !== within; one = one.parentElement) {
    const { backgroundColor } = getComputedStyle(one);
    if (backgroundColor !== transparent) return backgroundColor;
  }
  return undefined;
}

/** What the browser laid out as HTML, as text of the picture: an <img> shows it everywhere, and it can be found. */
function textsOf(label: Element): SVGElement[] {
  return textNodes(label).flatMap((node) => {
    const style = getComputedStyle(node.parentElement!);
    const halo = backgroundOf(node.parentElement, label);
    const isCentred = style.textAlign === 'center';
    const size = parseFloat(style.fontSize);
    return linesOf(node).map(({ text, rect }) => {
      const element = make('text', {
        x: Math.round(isCentred ? rect.left + rect.width / 2 : rect.left),
        y: Math.round(rect.top + rect.height / 2 + baseline * size),
        'font-size': size,
        fill: style.color,
        ...(style.fontWeight === '400' ? {} : { 'font-weight': style.fontWeight }),
        ...(isCentred ? { 'text-anchor': 'middle' } : {}),
        ...(halo
          ? { stroke: halo, 'stroke-width': 8, 'stroke-linejoin': 'round', 'paint-order': 'stroke' }
          : {}),
      });
      element.textContent = text;
      return element;
    });
  });
}

/** An icon that many shapes show is in the picture once. */
function shareImages(svg: SVGElement, defs: SVGElement): void {
  const ids = new Map<string, string>();
  for (const image of svg.querySelectorAll('image')) {
    const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => image.getAttribute(name)!);
    const href = image.getAttribute('href') ?? image.getAttributeNS('http://www.w3.org/1999/xlink', 'href')!;
    const key = `${href} ${width}x${height}`;
    if (!ids.has(key)) {
      ids.set(key, `icon-${ids.size + 1}`);
      defs.append(make('image', { id: ids.get(key)!, width: width!, height: height!, href }));
    }
    image.replaceWith(make('use', { href: `#${ids.get(key)!}`, x: x!, y: y! }));
  }
}

/** maxGraph's own: what a pointer meets, which a picture has none of. */
function dropInteraction(svg: SVGElement): void {
  for (const hidden of svg.querySelectorAll('[visibility=hidden]')) hidden.remove();
  for (const one of svg.querySelectorAll('*'))
    for (const name of ['pointer-events', 'style']) one.removeAttribute(name);
}

/** What is drawn in the container as a document of its own. */
export function toSvg(container: HTMLElement, title: string): string {
  const drawn = container.querySelector('svg')!;
  const labels = [...drawn.querySelectorAll('foreignObject')].map(
    (label) => [label, textsOf(label)] as const,
  );
  for (const [label, texts] of labels) label.replaceWith(...texts);
  dropInteraction(drawn);
  const { x, y, width, height } = drawn.getBBox();
  const defs = make('defs', {});
  shareImages(drawn, defs);
  const [left, top] = [Math.floor(x - margin), Math.floor(y - margin)];
  const size = { width: Math.ceil(width + 2 * margin), height: Math.ceil(height + 2 * margin) };
  const svg = make('svg', { viewBox: `${left} ${top} ${size.width} ${size.height}`, ...size, role: 'img' });
  svg.setAttribute('font-family', 'Helvetica, Arial, Liberation Sans, sans-serif');
  const name = make('title', {});
  name.textContent = title;
  const style = make('style', {});
  style.textContent = night;
  const sheet = make('g', { class: 'sheet' });
  sheet.append(make('rect', { x: left, y: top, ...size, fill: '#ffffff' }), ...drawn.children);
  svg.append(name, style, defs, sheet);
  // An element a line, so that a difference can be read.
  return new XMLSerializer().serializeToString(svg).replaceAll('><', '>\n<');
}
