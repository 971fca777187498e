import { createApiReference } from '@scalar/api-reference';
import '@scalar/api-reference/style.css';
import { useEffect, useRef } from 'preact/hooks';
import { accessToken } from '../../session/session.ts';
import { followDark } from '../../ui/theme.tsx';
import './docs.css';

/** From our own files alone: no font, no proxy and no assistant of another host. */
const settings = {
  url: '/api/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  showDeveloperTools: 'never',
  hideClientButton: true,
  hideDarkModeToggle: true,
} as const;

/** A session outlives the token that the reference was given. One that somebody typed there stays. */
const renewIfOld =
  (given: string) =>
  async ({ request }: { readonly request: Request }): Promise<void> => {
    if (request.headers.get('authorization') !== `Bearer ${given}`) return;
    request.headers.set('authorization', `Bearer ${(await accessToken()) ?? given}`);
  };

/** The reference of the API, read from the document that the API itself serves; requests are sent as who is signed in. */
export default function DocsPage() {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const node = place.current!;
    let reference: ReturnType<typeof createApiReference> | undefined;
    let unfollow: (() => void) | undefined;
    let isGone = false;
    void accessToken().then((token = '') => {
      if (isGone) return;
      unfollow = followDark((isDark) => {
        const configuration = {
          ...settings,
          forceDarkModeState: isDark ? ('dark' as const) : ('light' as const),
          onBeforeRequest: renewIfOld(token),
          authentication: { preferredSecurityScheme: 'bearer', securitySchemes: { bearer: { token } } },
        };
        if (reference) reference.updateConfiguration(configuration);
        else reference = createApiReference(node, configuration);
      });
    });
    return () => {
      isGone = true;
      unfollow?.();
      reference?.destroy();
    };
  }, []);
  return (
    <main id="main" class="api-docs">
      <h1 class="visually-hidden">API reference</h1>
      <div ref={place} />
    </main>
  );
}
