import { rectOf, sheet, type Node, type Rect, type Zone } from '../types.ts';
import type { Arrow, Drawing } from './lay-out.ts';
import { ink, lid, line, quiet, stepFill, styles, zoneStyles } from './style.ts';
import { escape } from './svg.ts';
import { fonts } from './text.ts';

const geometry = ({ x, y, width, height }: Rect): string =>
  `<mxGeometry x="${x}" y="${y}" width="${width}" height="${height}" as="geometry"/>`;

const font = (size: number, colour: string, text: string): string =>
  `<font style="font-size: ${size}px" color="${colour}">${escape(text)}</font>`;

const shapes = {
  box: 'rounded=1;arcSize=6;absoluteArcSize=0;',
  pill: 'rounded=1;absoluteArcSize=1;arcSize=40;',
  cylinder: `shape=cylinder3;boundedLbl=1;backgroundOutline=1;size=${lid};`,
} as const;

function box({ id, kind, caption, name, lines, at }: Node): string {
  const { fill, stroke, shape } = styles[kind];
  const label = [
    font(fonts.caption.size, quiet, caption),
    `<b>${escape(name)}</b>`,
    ...lines.map((text) => font(fonts.line.size, quiet, text)),
  ].join('<br>');
  const style = `${shapes[shape]}whiteSpace=wrap;html=1;fillColor=${fill};strokeColor=${stroke};strokeWidth=1.5;fontColor=${ink};fontSize=${fonts.name.size};fontFamily=Helvetica;verticalAlign=middle;align=center;spacing=2;`;
  return `<mxCell id="${id}" value="${escape(label)}" style="${style}" vertex="1" parent="1">${geometry(rectOf(at))}</mxCell>`;
}

function zone({ id, name, at, tone }: Zone): string {
  const { fill, stroke, dashed } = zoneStyles[tone];
  const style = `rounded=1;absoluteArcSize=1;arcSize=12;whiteSpace=wrap;html=1;fillColor=${fill};strokeColor=${stroke};dashed=${dashed ? 1 : 0};verticalAlign=top;align=left;spacingLeft=6;spacingTop=2;fontStyle=1;fontSize=${fonts.zone.size};fontColor=${quiet};container=0;`;
  return `<mxCell id="${id}" value="${escape(escape(name))}" style="${style}" vertex="1" parent="1">${geometry(rectOf(at))}</mxCell>`;
}

const text = (id: string, value: string, size: number, bold: boolean, rect: Rect): string =>
  `<mxCell id="${id}" value="${escape(escape(value))}" style="text;html=1;strokeColor=none;fillColor=none;align=left;verticalAlign=middle;fontSize=${size};fontStyle=${bold ? 1 : 0};fontColor=${ink};fontFamily=Helvetica;" vertex="1" parent="1">${geometry(rect)}</mxCell>`;

/** The number and the words of an arrow hang on it, so that they move with it in draw.io. */
function labelCells(id: string, { edge, label }: Arrow): string[] {
  if (label === undefined) return [];
  const { rect, on, along, lines } = label;
  const hang = (part: string, value: string, style: string, of: Rect): string =>
    `<mxCell id="${id}-${part}" value="${escape(value)}" style="${style}html=1;fontFamily=Helvetica;resizable=0;" vertex="1" connectable="0" parent="${id}"><mxGeometry x="${(2 * along - 1).toFixed(4)}" width="${of.width}" height="${of.height}" relative="1" as="geometry"><mxPoint x="${of.x - on.x}" y="${of.y - on.y}" as="offset"/></mxGeometry></mxCell>`;
  const { diameter } = fonts.step;
  const cells: string[] = [];
  if (lines.length > 0) {
    const inset = edge.step === undefined ? 0 : diameter + 2;
    const side = edge.step === undefined ? 'align=center;' : 'align=left;spacingLeft=2;';
    const style = `text;${side}verticalAlign=middle;spacing=0;labelBackgroundColor=none;fillColor=#FFFFFF;strokeColor=none;fontSize=${fonts.label.size};fontColor=${ink};`;
    cells.push(
      hang('text', lines.map(escape).join('<br>'), style, {
        ...rect,
        x: rect.x + inset,
        width: rect.width - inset,
      }),
    );
  }
  if (edge.step !== undefined) {
    const style = `shape=ellipse;perimeter=ellipsePerimeter;fillColor=${stepFill};strokeColor=none;fontColor=#FFFFFF;fontStyle=1;fontSize=${fonts.step.size};align=center;verticalAlign=middle;spacing=0;`;
    const y = rect.y + (rect.height - diameter) / 2;
    cells.push(hang('step', escape(edge.step), style, { x: rect.x, y, width: diameter, height: diameter }));
  }
  return cells;
}

const share = (at: number, from: number, length: number): string => ((at - from) / length).toFixed(4);

function arrow(drawing: Drawing, one: Arrow, index: number): string[] {
  const { edge, route } = one;
  const rect = (id: string): Rect => rectOf(drawing.page.nodes.find((node) => node.id === id)!.at);
  const end = (name: 'exit' | 'entry', id: string, point: { x: number; y: number }): string => {
    const { x, y, width, height } = rect(id);
    return `${name}X=${share(point.x, x, width)};${name}Y=${share(point.y, y, height)};${name}Dx=0;${name}Dy=0;${name}Perimeter=0;`;
  };
  const id = `arrow-${index + 1}`;
  const style = [
    `edgeStyle=orthogonalEdgeStyle;rounded=0;html=1;strokeColor=${line};strokeWidth=1.4;endArrow=block;endFill=1;endSize=6;`,
    edge.both === true ? 'startArrow=block;startFill=1;startSize=6;' : '',
    edge.dashed === true ? 'dashed=1;' : '',
    end('exit', edge.from, route[0]!),
    end('entry', edge.to, route.at(-1)!),
  ].join('');
  const between = route
    .slice(1, -1)
    .map(({ x, y }) => `<mxPoint x="${x}" y="${y}"/>`)
    .join('');
  const points = between === '' ? '' : `<Array as="points">${between}</Array>`;
  return [
    `<mxCell id="${id}" style="${style}" edge="1" parent="1" source="${edge.from}" target="${edge.to}"><mxGeometry relative="1" as="geometry">${points}</mxGeometry></mxCell>`,
    ...labelCells(id, one),
  ];
}

function diagram(drawing: Drawing): string {
  const { page, arrows } = drawing;
  const cells = [
    '<mxCell id="0"/>',
    '<mxCell id="1" parent="0"/>',
    text('title', page.title, fonts.title.size, true, { x: 26, y: 8, width: 1200, height: 32 }),
    ...page.zones.map(zone),
    ...page.nodes.map(box),
    ...arrows.flatMap((one, index) => arrow(drawing, one, index)),
    text('legend', page.legend, fonts.line.size, false, {
      x: 26,
      y: sheet.height - 26,
      width: sheet.width - 60,
      height: 20,
    }),
  ];
  const model = `<mxGraphModel dx="1600" dy="1000" grid="1" gridSize="10" guides="1" tooltips="1" connect="1" arrows="1" fold="1" page="1" pageScale="1" pageWidth="${sheet.width}" pageHeight="${sheet.height}" math="0" shadow="0">`;
  return [
    `  <diagram id="${page.id}" name="${escape(page.title)}">`,
    `    ${model}`,
    '      <root>',
    ...cells.map((one) => `        ${one}`),
    '      </root>',
    '    </mxGraphModel>',
    '  </diagram>',
  ].join('\n');
}

/** All pages as one file that draw.io (diagrams.net) opens and edits: plain XML, nothing compressed, no outside images. */
export const toDrawio = (drawings: readonly Drawing[]): string =>
  ['<mxfile host="darkroom" type="device">', ...drawings.map(diagram), '</mxfile>', ''].join('\n');
