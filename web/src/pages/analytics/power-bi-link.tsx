import { DownloadIcon } from '../../ui/icons.tsx';

/** The project as it is in the repository; what it asks for is in docs/analytics.md. */
export const PowerBiLink = () => (
  <a class="button quiet" href="/darkroom-power-bi.zip" download="darkroom-power-bi.zip">
    <DownloadIcon /> Power BI project
  </a>
);
