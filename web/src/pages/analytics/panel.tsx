import type { ComponentChildren } from 'preact';
import type { FigureSource } from '../../../../client/api-types.ts';
import { ChartIcon } from '../../ui/icons.tsx';
import { SectionBody, SectionHead } from '../../ui/section.tsx';
import { Empty } from '../../ui/states.tsx';
import type { Remote } from '../../ui/use-remote.ts';
import { SourceNote } from './source-note.tsx';

interface PanelProps {
  readonly title: string;
  readonly remote: Pick<
    Remote<{ readonly asOf: string; readonly source: FigureSource }>,
    'data' | 'problem' | 'loading' | 'reload'
  >;
  readonly isEmpty: boolean;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** Figures with their time, and what is shown until they are here, when there are none, and when they cannot be read. */
export function Panel({ title, remote, isEmpty, tools, children }: PanelProps) {
  const { data, problem, loading, reload } = remote;
  return (
    <section class="card" aria-label={title}>
      <SectionHead
        title={title}
        tools={tools}
        at={data?.asOf}
        problem={problem}
        loading={loading}
        onRefresh={reload}
      />
      <SectionBody remote={remote} like="figures" rows={12}>
        {isEmpty ? <Empty icon={<ChartIcon />} title="No figures in this range" /> : children}
      </SectionBody>
      <SourceNote source={data?.source} />
    </section>
  );
}
