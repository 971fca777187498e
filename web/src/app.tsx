import { ErrorBoundary, LocationProvider } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { asApiError, type ApiError } from '../../client/api-error.ts';
import { session, startSession } from './session/session.ts';
import { Shell } from './shell.tsx';
import { Announcer } from './ui/announce.tsx';
import { Failure } from './ui/states.tsx';
import { Welcome } from './welcome.tsx';

function Content() {
  const now = session.value;
  switch (now.state) {
    case 'starting':
      return <div class="welcome" aria-busy="true" />;
    case 'signed-out':
      return <Welcome />;
    case 'handed-over':
      return (
        <main class="welcome">
          <p>You are signed in. This window can be closed.</p>
        </main>
      );
    case 'signed-in':
    case 'ended':
      return <Shell person={now.person} ended={now.state === 'ended'} />;
  }
}

export function App() {
  const [problem, setProblem] = useState<ApiError>();
  const start = () => {
    setProblem(undefined);
    startSession().then(
      (target) => {
        if (target !== undefined) history.replaceState(null, '', target);
        dispatchEvent(new PopStateEvent('popstate'));
      },
      (error: unknown) => setProblem(asApiError(error)),
    );
  };
  useEffect(start, []);
  if (problem) {
    return (
      <main class="welcome">
        <div class="welcome-card">
          <h1>Darkroom</h1>
          <Failure
            problem={problem}
            onRetry={() => {
              // A code that was used up cannot be used again.
              history.replaceState(null, '', '/');
              start();
            }}
          />
        </div>
      </main>
    );
  }
  return (
    <LocationProvider scope={/^\/(?!api\/|config\.json|darkroom-power-bi\.zip)/}>
      <ErrorBoundary>
        <Content />
      </ErrorBoundary>
      <Announcer />
    </LocationProvider>
  );
}
