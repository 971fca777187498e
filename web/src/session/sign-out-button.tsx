import { useState } from 'preact/hooks';
import { Dialog } from '../ui/dialog.tsx';
import { OutIcon } from '../ui/icons.tsx';
import { waitingInBrowser } from './kept-in-browser.ts';
import { signOut } from './session.ts';

const counted = (count: number, one: string, many: string): readonly string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];

/** What waits to be sent, in words; empty when nothing does. */
async function waiting(): Promise<string> {
  const { uploads, checkOffs } = await waitingInBrowser();
  return [
    ...counted(uploads, 'upload is not finished', 'uploads are not finished'),
    ...counted(checkOffs, 'check-off was not sent yet', 'check-offs were not sent yet'),
  ].join(', ');
}

/** Signs out and leaves nothing in this browser; asks first where something would be lost. */
export function SignOutButton() {
  const [lost, setLost] = useState('');
  const press = async () => {
    const now = await waiting();
    if (now === '') void signOut();
    else setLost(now);
  };
  return (
    <>
      <button class="button quiet icon" title="Sign out" aria-label="Sign out" onClick={() => void press()}>
        <OutIcon />
      </button>
      {lost !== '' && (
        <Dialog
          title="Something still waits to be sent"
          onClose={() => setLost('')}
          footer={
            <>
              <button class="button" onClick={() => setLost('')}>
                Stay signed in
              </button>
              <button class="button danger" onClick={() => void signOut()}>
                Sign out anyway
              </button>
            </>
          }
        >
          <p>{lost}. Signing out removes it from this browser, and it cannot be sent any more.</p>
        </Dialog>
      )}
    </>
  );
}
