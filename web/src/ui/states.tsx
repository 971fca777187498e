import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ApiError } from '../../../client/api-error.ts';
import { announce } from './announce.tsx';
import { RefreshIcon, WarningIcon } from './icons.tsx';
import { Time } from './time.tsx';

/** While nothing is known yet. */
export function Loading({ rows = 6, label = 'Loading' }: { rows?: number; label?: string }) {
  return (
    <div class="skeleton-rows" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} class="skeleton line" />
      ))}
    </div>
  );
}

export function Empty({
  icon,
  title,
  children,
}: {
  icon?: ComponentChildren;
  title: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      {icon}
      <strong>{title}</strong>
      {children !== undefined && <div>{children}</div>}
    </div>
  );
}

/** What went wrong, in the words of the API, with the id under which the logs have the rest; it is announced once. */
export function Failure({ problem, onRetry }: { problem: ApiError; onRetry?: (() => void) | undefined }) {
  useEffect(() => announce(`${problem.title}: ${problem.message}`), [problem]);
  return (
    <div class="notice bad" role="group" aria-label="Problem">
      <WarningIcon />
      <div>
        <strong>{problem.title}</strong>
        <span>{problem.message}</span>
        {problem.issues.length > 0 && (
          <ul>
            {problem.issues.map((issue) => (
              <li key={issue.path}>
                {issue.path}: {issue.message}
              </li>
            ))}
          </ul>
        )}
        {problem.instance !== undefined && <small class="dim mono">{problem.instance}</small>}
      </div>
      {onRetry && (
        <button class="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

export interface AsOfProps {
  /** When the server read what is shown. */
  readonly at: string | Date | undefined;
  readonly problem?: ApiError | undefined;
  readonly loading?: boolean;
  readonly onRefresh?: () => void;
}

/** As of when the figures are; says so when they could not be refreshed. Its room is kept while it has nothing to say. */
export function AsOf({ at, problem, loading = false, onRefresh }: AsOfProps) {
  const stale = problem !== undefined && at !== undefined;
  return (
    <span class={stale ? 'as-of stale' : 'as-of'}>
      <span class="as-of-text">
        {at !== undefined && (
          <>
            {stale && 'Not refreshed: '}
            <span class="nowrap">
              {stale ? 'as of ' : 'As of '}
              <Time at={at} clock />
            </span>
          </>
        )}
      </span>
      {onRefresh && (
        <button class="button quiet icon" aria-label="Refresh" aria-busy={loading} onClick={onRefresh}>
          <RefreshIcon />
        </button>
      )}
    </span>
  );
}

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'plain';

export const Badge = ({ tone, children }: { tone: Tone; children: ComponentChildren }) => (
  <span class={`badge ${tone}`}>{children}</span>
);
