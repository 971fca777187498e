import { useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../client/api-error.ts';
import { signIn } from './session/session.ts';
import { Mark } from './ui/icons.tsx';
import { Failure } from './ui/states.tsx';
import { ThemeButton } from './ui/theme.tsx';

export function Welcome() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiError>();
  const leave = () => {
    setBusy(true);
    setProblem(undefined);
    signIn().catch((error: unknown) => {
      setBusy(false);
      setProblem(asApiError(error));
    });
  };
  return (
    <main class="welcome with-picture">
      <div class="welcome-card">
        <Mark />
        <h1>Darkroom</h1>
        <p>Photos in, prints out. Images are kept for seven days and then erased, with proof.</p>
        {problem && <Failure problem={problem} />}
        <div class="toolbar">
          <button class="button primary large" disabled={busy} onClick={leave}>
            {busy ? 'Going to sign-in …' : 'Sign in'}
          </button>
          <ThemeButton />
        </div>
      </div>
      <img class="welcome-picture" src="/welcome.svg" alt="" width="300" height="200" />
    </main>
  );
}
