import type { ComponentChildren } from 'preact';
import { AsOf, Failure, Loading } from '../../ui/states.tsx';
import type { Remote } from '../../ui/use-remote.ts';

interface SectionProps<T> {
  readonly title: string;
  readonly remote: Pick<Remote<T>, 'data' | 'problem' | 'loading' | 'readAt' | 'reload'>;
  /** When the service read it; when this page did, where the answer does not say. */
  readonly at?: string | undefined;
  readonly rows?: number;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A part of the page with its own time, which says so when it could not be refreshed. */
export function Section<T>({ title, remote, at, rows = 4, tools, children }: SectionProps<T>) {
  const { data, problem, loading, readAt, reload } = remote;
  return (
    <section class="card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span class="toolbar">
          {tools}
          <AsOf at={at ?? readAt} problem={problem} loading={loading} onRefresh={reload} />
        </span>
      </header>
      {problem && !data && (
        <div class="card-body">
          <Failure problem={problem} onRetry={reload} />
        </div>
      )}
      {!data && !problem && <Loading rows={rows} />}
      {data !== undefined && children}
    </section>
  );
}
