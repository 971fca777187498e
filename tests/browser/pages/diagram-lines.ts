export interface Line {
  readonly text: string;
  readonly rect: DOMRect;
}

export function textNodes(within: Element): Text[] {
  const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  while (walker.nextNode() !== null) nodes.push(walker.currentNode as Text);
  return nodes;
}

function rectOf(node: Text, from: number, to: number): DOMRect {
  const range = document.createRange();
  range.setStart(node, from);
  range.setEnd(node, to);
  return range.getBoundingClientRect();
}

/** The lines of a text as the browser broke it, each with where it stands. */
export function linesOf(node: Text): Line[] {
  const lines: Line[] = [];
  const topAt = (at: number): number => rectOf(node, at, at + 1).top;
  let start = 0;
  for (let at = 1; at <= node.length; at++) {
    if (at < node.length && Math.abs(topAt(at) - topAt(start)) < 2) continue;
    lines.push({ text: node.data.slice(start, at).trim(), rect: rectOf(node, start, at) });
    start = at;
  }
  return lines.filter(({ text }) => text !== '');
}

const pen = document.createElement('canvas').getContext('2d')!;

/** Helvetica and what stands in for it (Arial, Liberation Sans) set this word 4.389 font sizes wide; others do not. */
export function hasHelvetica(): boolean {
  pen.font = '100px Helvetica';
  return Math.abs(pen.measureText('Darkroom').width - 438.9) < 2;
}
