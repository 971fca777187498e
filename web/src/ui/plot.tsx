import { useEffect, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';

export type Library = typeof uPlot;

interface PlotProps {
  /** What is drawn, made anew when the theme changes. Another function or other data is another plot. */
  readonly options: (library: Library, width: number) => uPlot.Options;
  readonly data: uPlot.AlignedData;
  /** Pixels, without the legend. */
  readonly height: number;
  /** What it shows, for those who do not see it; a table beside it has the numbers. */
  readonly label: string;
  readonly class?: string;
}

const css = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A canvas does not know light-dark(): the browser resolves it on an element of the page. */
export function resolveColour(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** What the axes of all plots look like. */
export function axisLooks(): Pick<uPlot.Axis, 'stroke' | 'grid' | 'ticks' | 'font'> {
  const line = resolveColour('--line');
  return {
    stroke: resolveColour('--dim'),
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line },
    font: `12px ${css('--font')}`,
  };
}

const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
export const compactTicks: uPlot.Axis.DynamicValues = (_plot, ticks) =>
  ticks.map((tick) => compact.format(tick));

/** Marks of things that are counted: there is no half of one. */
export const wholeIncrements = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8].flatMap((ten) => [
  ten,
  2 * ten,
  5 * ten,
]);

/** From zero, with some room above. */
export const fromZero: uPlot.Range.Function = (_plot, _min, max) => [0, max > 0 ? max * 1.08 : 1];

/** A plot as wide as its place, in the colours of the theme. Its library is fetched when the first one is shown. */
export function Plot({ options, data, height, label, class: looks = 'chart' }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const [library, setLibrary] = useState<Library>();
  const [theme, setTheme] = useState(0);
  useEffect(() => {
    void import('./chart-library.ts').then(({ uPlot: loaded }) => setLibrary(() => loaded));
    const system = matchMedia('(prefers-color-scheme: dark)');
    const again = () => setTheme((n) => n + 1);
    system.addEventListener('change', again);
    addEventListener('darkroom-theme', again);
    return () => {
      system.removeEventListener('change', again);
      removeEventListener('darkroom-theme', again);
    };
  }, []);
  useEffect(() => {
    const node = box.current;
    if (!node || !library) return;
    const plot = new library(options(library, node.clientWidth), data, node);
    const observer = new ResizeObserver(() => plot.setSize({ width: node.clientWidth, height }));
    observer.observe(node);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [library, theme, options, data, height]);
  return (
    <div class={looks} role="img" aria-label={label}>
      <div ref={box} />
    </div>
  );
}
