import { lazy } from 'preact-iso';
import type { Role } from './session/roles.ts';

export interface PageEntry {
  readonly path: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

/** What the top bar offers, in this order, to whom. */
export const pages: readonly PageEntry[] = [
  { path: '/logistics', name: 'Packing', roles: ['Logistics'] },
  { path: '/sales', name: 'Products', roles: ['Sales'] },
  { path: '/analytics', name: 'Figures', roles: ['Analytics'] },
  { path: '/operations', name: 'Operations', roles: ['Engineering'] },
  { path: '/images', name: 'Images', roles: ['Uploader', 'Engineering'] },
];

export const pagesFor = (roles: readonly Role[]): readonly PageEntry[] =>
  pages.filter((page) => page.roles.some((role) => roles.includes(role)));

/** Each page is a file of its own, fetched when somebody goes there. */
export const ImagesPage = lazy(() => import('./pages/images/images-page.tsx'));
/** What goes on at the foot of every page, for whom there are images. */
export const WorkPanel = lazy(() => import('./pages/images/work-panel.tsx'));
export const ImagePage = lazy(() => import('./pages/images/image-page.tsx'));
export const LogisticsPage = lazy(() => import('./pages/logistics/logistics-page.tsx'));
export const SalesPage = lazy(() => import('./pages/sales/sales-page.tsx'));
export const AnalyticsPage = lazy(() => import('./pages/analytics/analytics-page.tsx'));
export const DictionaryPage = lazy(() => import('./pages/analytics/dictionary-page.tsx'));
export const DocsPage = lazy(() => import('./pages/docs/docs-page.tsx'));
export const OperationsPage = lazy(() => import('./pages/operations/operations-page.tsx'));
