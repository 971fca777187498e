import { personas } from './personas.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character]!);

const initials = (name: string) =>
  name
    .split(' ')
    .map((part) => part[0])
    .join('');

const personaButton = ([key, { name, roles, about }]: readonly [string, (typeof personas)[string]]) => `
  <button name="persona" value="${escape(key)}">
    <span class="face" aria-hidden="true">${escape(initials(name))}</span>
    <span class="who"><strong>${escape(name)}</strong><small>${escape(about)}</small></span>
    <span class="role">${escape(roles.join(', '))}</span>
  </button>`;

/** The page on which one chooses whom to be; `parameters` go back with the choice. */
export const choosePage = (parameters: Readonly<Record<string, string>>): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in to Darkroom</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<h1>Darkroom</h1>
<p>Who are you today? These people exist on this machine only.</p>
<form method="post" action="/authorize">
${Object.entries(parameters)
  .map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`)
  .join('\n')}
${Object.entries(personas).map(personaButton).join('')}
</form>
</main>
</body>
</html>
`;

export const messagePage = (title: string, text: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title>
<link rel="stylesheet" href="/style.css"></head>
<body><main><h1>${escape(title)}</h1><p>${escape(text)}</p></main></body></html>
`;

export const style = `
:root { color-scheme: light dark; --ink: light-dark(#1d1b18, #efebe4); --dim: light-dark(#6b655c, #a39c90);
  --paper: light-dark(#faf8f4, #191714); --card: light-dark(#fff, #24211d); --line: light-dark(#e3ddd2, #3a352e);
  --accent: light-dark(#b3261e, #ff8a7a); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 2rem 1rem;
  background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { width: min(30rem, 100%); }
h1 { margin: 0; font-size: 1.75rem; letter-spacing: -0.02em; }
p { margin: 0.25rem 0 1.5rem; color: var(--dim); }
form { display: grid; gap: 0.5rem; }
button { display: grid; grid-template-columns: auto 1fr auto; gap: 0.875rem; align-items: center; padding: 0.75rem 1rem;
  font: inherit; color: inherit; text-align: left; background: var(--card); border: 1px solid var(--line);
  border-radius: 0.75rem; cursor: pointer; }
button:hover { border-color: var(--accent); }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.face { display: grid; place-items: center; width: 2.5rem; height: 2.5rem; border-radius: 50%;
  background: var(--line); font-weight: 600; font-size: 0.875rem; }
.who { display: grid; }
small { color: var(--dim); }
.role { font-size: 0.8125rem; color: var(--dim); }
@media (max-width: 26rem) { .role { display: none; } button { grid-template-columns: auto 1fr; } }
`;
