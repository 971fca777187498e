import type { ComponentChildren } from 'preact';

const icon = (children: ComponentChildren) => () => (
  <svg
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.8"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    {children}
  </svg>
);

export const Mark = () => (
  <svg viewBox="0 0 32 32" aria-hidden="true" class="mark">
    <rect width="32" height="32" rx="8" fill="#1d1916" />
    <circle cx="16" cy="16" r="9.5" fill="none" stroke="#f3ede4" stroke-width="2.5" />
    <circle cx="16" cy="16" r="4.5" fill="#e5483a" />
  </svg>
);

export const CloseIcon = icon(<path d="M6 6l12 12M18 6L6 18" />);
export const RefreshIcon = icon(
  <path d="M20 11a8 8 0 0 0-14.3-4M4 4v4h4M4 13a8 8 0 0 0 14.3 4M20 20v-4h-4" />,
);
export const WarningIcon = icon(<path d="M12 4 2.8 20h18.4zM12 10v4M12 17.2v.1" />);
export const CheckIcon = icon(<path d="m5 12.5 4.5 4.5L19 7.5" />);
export const UploadIcon = icon(
  <path d="M12 16V4m0 0L7 9m5-5 5 5M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3" />,
);
export const DownloadIcon = icon(<path d="M12 4v12m0 0 5-5m-5 5-5-5M4 20h16" />);
export const PauseIcon = icon(<path d="M9 6v12M15 6v12" />);
export const PlayIcon = icon(<path d="M8 5.5v13l10.5-6.5z" />);
export const PhotoIcon = icon(
  <>
    <rect x="3" y="5" width="18" height="14" rx="2" />
    <circle cx="8.5" cy="10" r="1.6" />
    <path d="m4 18 5.5-5 3.5 3 3-2.5 4.5 4" />
  </>,
);
export const BoxIcon = icon(<path d="M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8" />);
export const TagIcon = icon(
  <>
    <path d="M4 4h8l8 8-8 8-8-8z" />
    <circle cx="8.5" cy="8.5" r="1.2" />
  </>,
);
export const ChartIcon = icon(<path d="M4 20V4M4 20h16M8.5 16v-4M12.5 16V8M16.5 16v-6" />);
export const SunIcon = icon(
  <>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4" />
  </>,
);
export const MoonIcon = icon(<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z" />);
export const AutoThemeIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 3.5v17a8.5 8.5 0 0 0 0-17z" fill="currentColor" />
  </>,
);
export const OutIcon = icon(<path d="M10 4H5a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h5M15 8l4 4-4 4M19 12H9" />);
export const TrashIcon = icon(<path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13" />);
export const NextIcon = icon(<path d="M5 12h14m0 0-6-6m6 6-6 6" />);
export const BackIcon = icon(<path d="M19 12H5m0 0 6-6m-6 6 6 6" />);
