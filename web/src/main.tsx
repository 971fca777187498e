import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/controls.css';
import './styles/surfaces.css';
import './styles/tables.css';
import { App } from './app.tsx';
import { keepFocus } from './ui/keep-focus.ts';

keepFocus();
render(<App />, document.getElementById('app')!);

// The shell loads without a connection, so that what is waiting to be sent can be seen and goes on its way later.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  // Named after this build, so that a new build fills it anew.
  void navigator.serviceWorker.register(`/service-worker.js?${import.meta.url.split('/').at(-1)}`);
}
