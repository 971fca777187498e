import { useState } from 'preact/hooks';
import { AutoThemeIcon, MoonIcon, SunIcon } from './icons.tsx';

const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** public/theme.js reads the same key before the first paint. */
const key = 'darkroom.theme';

const chosen = (): Theme => {
  const { theme } = document.documentElement.dataset;
  return theme === 'light' || theme === 'dark' ? theme : 'auto';
};

function choose(theme: Theme): void {
  if (theme === 'auto') {
    delete document.documentElement.dataset['theme'];
    localStorage.removeItem(key);
  } else {
    document.documentElement.dataset['theme'] = theme;
    localStorage.setItem(key, theme);
  }
  dispatchEvent(new Event('darkroom-theme'));
}

/** What the page shows now, told again whenever it changes; answers what ends that. */
export function followDark(tell: (isDark: boolean) => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const look = () => tell(chosen() === 'auto' ? system.matches : chosen() === 'dark');
  look();
  addEventListener('darkroom-theme', look);
  system.addEventListener('change', look);
  return () => {
    removeEventListener('darkroom-theme', look);
    system.removeEventListener('change', look);
  };
}

const icons = { auto: AutoThemeIcon, light: SunIcon, dark: MoonIcon };
const names = { auto: 'as the system has it', light: 'light', dark: 'dark' };

export function ThemeButton() {
  const [theme, setTheme] = useState(chosen);
  const following = themes[(themes.indexOf(theme) + 1) % themes.length]!;
  const Icon = icons[theme];
  return (
    <button
      class="button quiet icon"
      title={`Colours: ${names[theme]}`}
      aria-label={`Colours: ${names[theme]}. Change to ${names[following]}`}
      onClick={() => {
        choose(following);
        setTheme(following);
      }}
    >
      <Icon />
    </button>
  );
}
