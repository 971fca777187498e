import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface FootProps {
  /** Names its height as a custom property of the document, so that notices and other feet stand above it. */
  readonly name: 'tray' | 'work' | 'session-bar';
  readonly children: ComponentChildren;
}

/**
 * What comes and goes unasked at the foot of the window: it covers the page for a while and pushes nothing aside; at the
 * end of the page there is room for it. Its box is as high as the window, so that what stands in it stays in its place
 * when something comes above it.
 */
export function Foot({ name, children }: FootProps) {
  const box = useRef<HTMLDivElement>(null);
  const property = `--${name}`;
  const measure = () => {
    const first = box.current?.firstElementChild?.getBoundingClientRect();
    const height = first ? box.current!.getBoundingClientRect().bottom - first.top : 0;
    document.documentElement.style.setProperty(property, `${Math.round(height)}px`);
  };
  useLayoutEffect(measure);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(measure);
    observer.observe(box.current!);
    return () => {
      observer.disconnect();
      document.documentElement.style.removeProperty(property);
    };
  }, [property]);
  return (
    <div ref={box} class={`foot ${name}`}>
      {children}
    </div>
  );
}
