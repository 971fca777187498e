import type { ComponentChildren } from 'preact';
import { ChartIcon } from '../../ui/icons.tsx';
import { AsOf, Empty, Failure, Loading } from '../../ui/states.tsx';
import type { Remote } from '../../ui/use-remote.ts';

interface PanelProps {
  readonly title: string;
  readonly remote: Pick<Remote<{ readonly asOf: string }>, 'data' | 'problem' | 'loading' | 'reload'>;
  readonly isEmpty: boolean;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** Figures with their time, and what is shown until they are here, when there are none, and when they cannot be read. */
export function Panel({ title, remote, isEmpty, tools, children }: PanelProps) {
  const { data, problem, loading, reload } = remote;
  return (
    <section class="card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span class="toolbar">
          {tools}
          <AsOf at={data?.asOf} problem={problem} loading={loading} onRefresh={reload} />
        </span>
      </header>
      {problem && !data && (
        <div class="card-body">
          <Failure problem={problem} onRetry={reload} />
        </div>
      )}
      {!data && !problem && <Loading rows={9} />}
      {isEmpty ? <Empty icon={<ChartIcon />} title="No figures in this range" /> : children}
    </section>
  );
}
