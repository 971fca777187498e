import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/controls.css';
import './styles/surfaces.css';
import './styles/tables.css';
import { App } from './app.tsx';

render(<App />, document.getElementById('app')!);
