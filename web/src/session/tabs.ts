/**
 * What the tabs of one browser tell each other, so that a new tab needs no sign-in and one sign-out ends them all. Tokens
 * are handed from tab to tab and never stored outside of one.
 */
type Message =
  | { readonly kind: 'who' }
  | { readonly kind: 'user'; readonly user: string }
  | { readonly kind: 'signed-out' };

const channel = new BroadcastChannel('darkroom-session');
const tell = (message: Message): void => channel.postMessage(message);

const heldWhileSignedIn = 'darkroom-signed-in';
/** Milliseconds in which a tab that is signed in answers. */
const answerTime = 1000;

let release: (() => void) | undefined;

/** Lets other tabs know that this one can be asked. */
function hold(): void {
  if (release) return;
  const released = new Promise<void>((done) => (release = done));
  void navigator.locks.request(heldWhileSignedIn, { mode: 'shared' }, () => released);
}

/** The user of another tab, as text; undefined where none is signed in. */
export async function userOfAnotherTab(): Promise<string | undefined> {
  const { held = [] } = await navigator.locks.query();
  if (!held.some(({ name }) => name === heldWhileSignedIn)) return undefined;
  return new Promise((done) => {
    const end = (user?: string) => {
      channel.removeEventListener('message', listen);
      clearTimeout(timer);
      done(user);
    };
    const listen = ({ data }: MessageEvent<Message>) => {
      if (data.kind === 'user') end(data.user);
    };
    const timer = setTimeout(end, answerTime);
    channel.addEventListener('message', listen);
    tell({ kind: 'who' });
  });
}

/** Hands the user of this tab to the others. */
export function tellUser(user: string): void {
  hold();
  tell({ kind: 'user', user });
}

function letGo(): void {
  release?.();
  release = undefined;
}

export function tellSignedOut(): void {
  letGo();
  tell({ kind: 'signed-out' });
}

export function listenToTabs(on: {
  readonly asked: () => Promise<string | undefined>;
  readonly user: (user: string) => void;
  readonly signedOut: () => void;
}): void {
  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'user') on.user(data.user);
    else if (data.kind === 'signed-out') {
      letGo();
      on.signedOut();
    } else void on.asked().then((user) => user !== undefined && tell({ kind: 'user', user }));
  });
}
