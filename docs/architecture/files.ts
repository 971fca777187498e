import { toDrawio } from './draw/drawio.ts';
import { layOut } from './draw/lay-out.ts';
import { toSvg } from './draw/svg.ts';
import { pages } from './model.ts';

/** Every file that the model makes: path below docs/, and content. */
export function diagramFiles(): readonly (readonly [path: string, content: string])[] {
  const drawings = pages.map(layOut);
  return [
    ['architecture.drawio', toDrawio(drawings)],
    ...drawings.map((one) => [`images/architecture-${one.page.id}.svg`, toSvg(one)] as const),
  ];
}
