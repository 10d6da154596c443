import { answer, api } from '../api/client';
import { errorIn } from '../api/errors';
import { queryClient } from '../api/queries';
import { type Me, meQuery } from './me';

/** `left`: the user signed out, here or in another tab · `ended`: the service no longer accepts the session. */
export type SignedOutWhy = 'left' | 'ended';
let notifyEnd: (why: SignedOutWhy) => void = () => undefined;

/** Called when the session ends. Set once at start. */
export function whenSignedOut(listener: (why: SignedOutWhy) => void): void {
  notifyEnd = listener;
}

type TabMessage = { left: true } | { user: string };
const tabs = new BroadcastChannel('ats.session');

/** Ends the session here and in every tab, then opens the provider's sign-out if there is one. */
export async function signOut(): Promise<void> {
  const { provider_url } = await answer(api.POST('/auth/sign-out'));
  tabs.postMessage({ left: true } satisfies TabMessage);
  clearSession('left');
  if (provider_url !== null) window.location.assign(provider_url);
}

/** Tells the other tabs who is signed in: a browser has one session, and they may show another user's data. */
export function announce({ id }: Me): void {
  tabs.postMessage({ user: id } satisfies TabMessage);
}

/** The service answered 401. Without an earlier sign-in, the route redirects to the sign-in page. */
export function sessionEnded(): void {
  if (currentUser() !== undefined) clearSession('ended');
}

const currentUser = (): Me | undefined => queryClient.getQueryData(meQuery.queryKey);

function clearSession(why: SignedOutWhy): void {
  queryClient.clear();
  notifyEnd(why);
}

tabs.onmessage = ({ data }: MessageEvent<TabMessage>) => {
  const me = currentUser();
  if (me === undefined) return;
  if ('left' in data) clearSession('left');
  else if (data.user !== me.id) window.location.reload();
};

api.use({
  async onResponse({ response, schemaPath }) {
    if (response.status !== 401 || !schemaPath.startsWith('/ats/v0/')) return;
    const error = await errorIn(response);
    sessionEnded();
    throw error;
  },
});

/** Before 0.5 browsers stored tokens: leftovers are removed. */
for (const key of Object.keys(localStorage)) {
  if (key === 'ats.local-session' || key.startsWith('oidc.')) localStorage.removeItem(key);
}
