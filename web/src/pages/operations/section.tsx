import type { ComponentChildren } from 'preact';
import { SectionBody, SectionHead } from '../../ui/section.tsx';
import type { Remote } from '../../ui/use-remote.ts';

interface SectionProps<T> {
  readonly title: string;
  /** Where the page has links to it. */
  readonly id?: string;
  readonly remote: Pick<Remote<T>, 'data' | 'problem' | 'loading' | 'readAt' | 'reload'>;
  /** When the service read it; when this page did, where the answer does not say. */
  readonly at?: string | undefined;
  readonly rows?: number;
  readonly like?: Parameters<typeof SectionBody>[0]['like'];
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A part of the page with its own time, which says so when it could not be refreshed. */
export function Section<T>({ title, id, remote, at, rows, like, tools, children }: SectionProps<T>) {
  const { problem, loading, readAt, reload } = remote;
  return (
    <section class="card" id={id} aria-label={title}>
      <SectionHead
        title={title}
        tools={tools}
        at={at ?? readAt}
        problem={problem}
        loading={loading}
        onRefresh={reload}
      />
      <SectionBody remote={remote} like={like} {...(rows !== undefined && { rows })}>
        {children}
      </SectionBody>
    </section>
  );
}
