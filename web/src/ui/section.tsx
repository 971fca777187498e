import type { ComponentChildren } from 'preact';
import type { ApiError } from '../../../client/api-error.ts';
import { AsOf, Failure, Loading, type AsOfProps } from './states.tsx';

interface SectionHeadProps extends AsOfProps {
  readonly title: string;
  readonly titleId?: string;
  /** What the section may be asked for. */
  readonly tools?: ComponentChildren;
}

/** Heading, tools and time of a section. Where there is little room the tools get a line of their own. */
export function SectionHead({ title, titleId, tools, ...asOf }: SectionHeadProps) {
  return (
    <header class="section-head">
      <h2 id={titleId}>{title}</h2>
      {tools !== undefined && <div class="toolbar">{tools}</div>}
      <AsOf {...asOf} />
    </header>
  );
}

interface SectionBodyProps {
  readonly remote: {
    readonly data: unknown;
    readonly problem: ApiError | undefined;
    readonly reload: () => void;
  };
  /** Names what comes: its height is kept free until it is here, so that nothing below it jumps (styles/surfaces.css). */
  readonly like?: 'checks' | 'groups' | 'verdict' | 'figures' | undefined;
  readonly rows?: number;
  readonly children: ComponentChildren;
}

/** What a section holds; until it is here, that it comes; or why it cannot be read. */
export function SectionBody({ remote, like, rows = 4, children }: SectionBodyProps) {
  const { data, problem, reload } = remote;
  return (
    <div class={like === undefined ? 'section-body' : `section-body room-for-${like}`}>
      {problem && data === undefined && (
        <div class="card-body">
          <Failure problem={problem} onRetry={reload} />
        </div>
      )}
      {data === undefined && !problem && <Loading rows={rows} />}
      {data !== undefined && children}
    </div>
  );
}
