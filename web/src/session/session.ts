import { signal } from '@preact/signals';
import { User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { consoleConfig } from './config.ts';
import { forgetAll, forgetOthers } from './kept-in-browser.ts';
import { isRole, type Role } from './roles.ts';
import { listenToTabs, tellSignedOut, tellUser, userOfAnotherTab } from './tabs.ts';

export interface Person {
  /** Stable id (`oid` in Entra): what is kept in this browser is kept under it. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

export type Session =
  | { readonly state: 'starting' }
  | { readonly state: 'signed-out' }
  | { readonly state: 'signed-in'; readonly person: Person }
  /** This window was opened to sign in for another one, and has done so. */
  | { readonly state: 'handed-over' }
  /** Renewal failed for good: what is on the screen stays, and a sign-in is offered. */
  | { readonly state: 'ended'; readonly person: Person };

export const session = signal<Session>({ state: 'starting' });

const callbackPath = '/signed-in';

let managing: Promise<UserManager> | undefined;

async function makeManager(): Promise<UserManager> {
  const { issuer, clientId, scope } = await consoleConfig();
  const manager = new UserManager({
    authority: issuer,
    client_id: clientId,
    scope,
    redirect_uri: `${location.origin}${callbackPath}`,
    popup_redirect_uri: `${location.origin}${callbackPath}`,
    post_logout_redirect_uri: `${location.origin}/`,
    response_type: 'code',
    /** Behind `#`, so that no code is in a log, and no firewall sees an address (`iss`) as an argument. */
    response_mode: 'fragment',
    /** Tabs renew one after the other, since a refresh token is good once. */
    automaticSilentRenew: false,
    /** Tokens end with the tab; the issuer's own session makes the next sign-in quick. */
    userStore: new WebStorageStateStore({ store: sessionStorage }),
  });
  manager.events.addUserLoaded((user) => {
    signedIn(user);
    tellUser(user.toStorageString());
  });
  manager.events.addAccessTokenExpiring(() => void renew());
  manager.events.addAccessTokenExpired(() => void renew());
  listenToTabs({
    asked: async () => (await manager.getUser())?.toStorageString(),
    user: (text) => void adopt(manager, text),
    signedOut: () => {
      // What was on its way in this tab may have come after the other one cleared up.
      forgetAll();
      void manager.removeUser();
      session.value = { state: 'signed-out' };
    },
  });
  return manager;
}

const manager = (): Promise<UserManager> => (managing ??= makeManager());

function personOf({ profile }: User): Person {
  const roles = Array.isArray(profile['roles']) ? profile['roles'].filter(isRole) : [];
  const id = typeof profile['oid'] === 'string' ? profile['oid'] : profile.sub;
  return { id, name: profile.name ?? profile.preferred_username ?? 'Signed in', roles };
}

/** Told to the document when a session that had ended goes on. */
export const sessionResumed = 'darkroom-session-resumed';

/** Whose uploads and check-offs this page has in hand. */
let personHere: string | undefined;

const isOfAnother = (user: User): boolean => personHere !== undefined && personHere !== personOf(user).id;

function signedIn(user: User): void {
  const person = personOf(user);
  if (isOfAnother(user)) {
    // What is in hand would go on under another name: the page begins anew.
    session.value = { state: 'starting' };
    location.reload();
    return;
  }
  if (personHere === undefined) forgetOthers(person.id);
  personHere = person.id;
  const resumed = session.value.state === 'ended';
  session.value = { state: 'signed-in', person };
  if (resumed) dispatchEvent(new Event(sessionResumed));
}

/** Takes over what another tab has; a tab in which somebody else is signed in stays as it is. */
async function adopt(users: UserManager, text: string): Promise<void> {
  const user = User.fromStorageString(text);
  const now = session.value;
  const isAnother = 'person' in now && now.person.id !== personOf(user).id;
  if (isAnother || now.state === 'handed-over' || user.expired) return;
  await users.storeUser(user);
  // Reading it sets the clocks for its renewal.
  await users.getUser();
  signedIn(user);
}

/** May be told more than once: by a renewal that failed, by the clock, by a refusal of the API. */
function sessionEnded(): void {
  const now = session.value;
  if (now.state === 'signed-in') session.value = { state: 'ended', person: now.person };
  else if (now.state === 'starting') session.value = { state: 'signed-out' };
}

/**
 * The address as the library wants it: a window that our opener policy cut off from the one that opened it is found by the
 * state, which the library looks for behind `?` only.
 */
function callbackAddress(): string {
  const address = new URL(location.href);
  address.searchParams.set('state', new URLSearchParams(address.hash.slice(1)).get('state') ?? '');
  return address.href;
}

/** Takes up the session of this tab, or finishes a sign-in that comes back. Answers where to go, if anywhere. */
export async function startSession(): Promise<string | undefined> {
  const users = await manager();
  if (location.pathname === callbackPath && location.hash !== '') {
    const user = await users.signinCallback(callbackAddress());
    if (!user) {
      session.value = { state: 'handed-over' };
      return undefined;
    }
    signedIn(user);
    return typeof user.state === 'string' ? user.state : '/';
  }
  let user = (await users.getUser()) ?? undefined;
  if (!user) {
    const text = await userOfAnotherTab();
    if (text !== undefined) await adopt(users, text);
    user = (await users.getUser()) ?? undefined;
  }
  if (user && !user.expired) {
    signedIn(user);
    tellUser(user.toStorageString());
  } else if (user?.refresh_token !== undefined) {
    await renew();
    // Without a connection nobody can say that the session is over.
    if (session.value.state === 'starting') signedIn(user);
  }
  if (session.value.state === 'starting') session.value = { state: 'signed-out' };
  return location.pathname === callbackPath ? '/' : undefined;
}

/** Leaves for the issuer; it comes back to `returnTo`. */
export async function signIn(returnTo = `${location.pathname}${location.search}`): Promise<void> {
  await (await manager()).signinRedirect({ state: returnTo });
}

/**
 * Signs in without leaving the page, in a window of its own, so that nothing that was typed, chosen or is under way is lost.
 * Where no window may be opened, by way of this one.
 */
export async function signInAgain(): Promise<void> {
  try {
    await (await manager()).signinPopup();
  } catch {
    await signIn();
  }
}

/** Leaves nothing of this person in the browser. */
export async function signOut(): Promise<void> {
  const users = await manager();
  tellSignedOut();
  forgetAll();
  // A page that is still there may have written something since.
  addEventListener('pagehide', forgetAll);
  await users.signoutRedirect();
}

/** Asks for new tokens; false when the session is over. Offline is no reason to end it. */
export async function renew(): Promise<boolean> {
  if (session.value.state === 'ended') return false;
  try {
    const users = await manager();
    const before = (await users.getUser())?.access_token;
    return await navigator.locks.request('darkroom-renewal', async () => {
      const now = await users.getUser();
      // Another tab was first and has handed its tokens on.
      if (now && !now.expired && now.access_token !== before) return true;
      return (await users.signinSilent()) !== null;
    });
  } catch (error) {
    if (error instanceof TypeError || !navigator.onLine) return false;
    sessionEnded();
    return false;
  }
}

/** The access token of now, renewed if it has run out; undefined when nobody is signed in, or somebody else by now. */
export async function accessToken(): Promise<string | undefined> {
  const users = await manager();
  const user = await users.getUser();
  if (user === null || isOfAnother(user)) return undefined;
  if (!user.expired) return user.access_token;
  await renew();
  return (await users.getUser())?.access_token;
}
