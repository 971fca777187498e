import { signInAgain } from './session.ts';

/** Says that the session is over, and offers to go on. */
export const SessionEnded = () => (
  <div class="session-ended" role="alert">
    <span>Your session has ended. What you see stays; sign in again to go on.</span>
    <button type="button" class="button" onClick={() => void signInAgain()}>
      Sign in again
    </button>
  </div>
);
