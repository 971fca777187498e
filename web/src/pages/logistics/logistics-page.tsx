import { Page } from '../../ui/page.tsx';
export default function LogisticsPage() {
  return <Page title="Logistics">{null}</Page>;
}
