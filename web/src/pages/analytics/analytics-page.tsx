import { useLocation } from 'preact-iso';
import type { DayRange } from '../../../../client/api-types.ts';
import { Page } from '../../ui/page.tsx';
import './analytics.css';
import { ImagesFigures, MembershipFigures } from './other-figures.tsx';
import { lastDays, RangePicker } from './range-picker.tsx';
import { SalesFigures } from './sales-figures.tsx';

const isDay = (text: string | undefined): text is string => /^\d{4}-\d{2}-\d{2}$/.test(text ?? '');

function rangeOf({ from, to }: Readonly<Record<string, string>>): DayRange {
  return isDay(from) && isDay(to) ? { from, to } : lastDays(30);
}

export default function AnalyticsPage() {
  const { query, route } = useLocation();
  const range = rangeOf(query);
  return (
    <Page title="Figures" lead="Sales, members and images; cancelled orders are left out of the sums">
      <RangePicker
        range={range}
        onRange={({ from, to }) => route(`/analytics?from=${from}&to=${to}`, true)}
      />
      <SalesFigures range={range} />
      <MembershipFigures range={range} />
      <ImagesFigures range={range} />
    </Page>
  );
}
