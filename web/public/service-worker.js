// Keeps the console's own files for times without a connection. Answers of the API are never kept: a page that shows old
// figures must know that they are old.
const shell = 'darkroom-shell';

/** The network's answer, kept for later; the kept one when there is no network. */
async function freshOrKept(request, key = request) {
  const cache = await caches.open(shell);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(key, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(key);
    if (kept) return kept;
    throw error;
  }
}

/** Files with a digest in their name never change. */
async function keptOrFresh(request) {
  const cache = await caches.open(shell);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone());
  return response;
}

/** Files of earlier builds go when a new page names others. */
async function dropOld(names) {
  const cache = await caches.open(shell);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/assets/') && !names.includes(pathname)) await cache.delete(request);
  }
}

self.addEventListener('install', (event) => {
  const fill = async () => {
    const cache = await caches.open(shell);
    const manifest = await (await fetch('/assets.json', { cache: 'no-cache' })).json();
    const kept = await Promise.all(manifest.map((name) => cache.match(name)));
    await cache.addAll(['/', '/theme.js', '/icon.svg', '/config.json']);
    await cache.addAll(manifest.filter((_, index) => !kept[index]));
    await dropOld(manifest);
    await self.skipWaiting();
  };
  event.waitUntil(fill());
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin || url.pathname.startsWith('/api/'))
    return;
  if (request.mode === 'navigate') event.respondWith(freshOrKept(request, '/'));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(keptOrFresh(request));
  else if (['/theme.js', '/icon.svg', '/config.json'].includes(url.pathname))
    event.respondWith(freshOrKept(request));
});
