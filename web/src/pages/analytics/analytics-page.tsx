import { useLocation } from 'preact-iso';
import { Page } from '../../ui/page.tsx';
import './analytics.css';
import { ImagesFigures, MembershipFigures } from './other-figures.tsx';
import { PowerBiLink } from './power-bi-link.tsx';
import { lastDays, RangePicker } from './range-picker.tsx';
import { SalesFigures } from './sales-figures.tsx';
import { addressOf, viewOf, type SalesView } from './sales-view.ts';

export default function AnalyticsPage() {
  const { query, route } = useLocation();
  const view = viewOf(query, lastDays(30));
  const show = (next: SalesView) => route(addressOf(next), true);
  return (
    <Page
      title="Figures"
      lead="Sales, members and images; cancelled orders are left out of the sums"
      aside={
        <span class="toolbar">
          <a class="button quiet" href="/analytics/dictionary">
            Data dictionary
          </a>
          <PowerBiLink />
        </span>
      }
    >
      <RangePicker range={view.range} onRange={(range) => show({ ...view, range })} />
      <SalesFigures view={view} onView={show} />
      <MembershipFigures range={view.range} />
      <ImagesFigures range={view.range} />
    </Page>
  );
}
