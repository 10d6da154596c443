import { answer, api } from '../api/client';
import { refusalIn } from '../api/errors';
import { queryClient } from '../api/queries';
import { type Me, meQuery } from './me';

/** `left`: the person signed out, here or in another tab · `ended`: the service no longer takes the session. */
export type SignedOutWhy = 'left' | 'ended';
let tell: (why: SignedOutWhy) => void = () => undefined;

/** Where to go when the session ends, set once at start. */
export function whenSignedOut(listener: (why: SignedOutWhy) => void): void {
  tell = listener;
}

type News = { left: true } | { user: string };
const tabs = new BroadcastChannel('ats.session');

/** Ends the session here and in every tab; then leaves for the provider, if it has a session of its own to end. */
export async function signOut(): Promise<void> {
  const { provider_url } = await answer(api.POST('/auth/sign-out'));
  tabs.postMessage({ left: true } satisfies News);
  forget('left');
  if (provider_url !== null) window.location.assign(provider_url);
}

/** Tells the other tabs who is signed in: a browser has one session, and what they show may be another person's. */
export function announce({ id }: Me): void {
  tabs.postMessage({ user: id } satisfies News);
}

/** The service said 401. Whoever was not signed in before is led to the sign-in page by the route. */
export function sessionEnded(): void {
  if (whoIsHere() !== undefined) forget('ended');
}

const whoIsHere = (): Me | undefined => queryClient.getQueryData(meQuery.queryKey);

function forget(why: SignedOutWhy): void {
  queryClient.clear();
  tell(why);
}

tabs.onmessage = ({ data }: MessageEvent<News>) => {
  const me = whoIsHere();
  if (me === undefined) return;
  if ('left' in data) forget('left');
  else if (data.user !== me.id) window.location.reload();
};

api.use({
  async onResponse({ response, schemaPath }) {
    if (response.status !== 401 || !schemaPath.startsWith('/ats/v0/')) return;
    const refusal = await refusalIn(response);
    sessionEnded();
    throw refusal;
  },
});

/** Before 0.5 browsers kept tokens themselves: what is left of them goes. */
for (const key of Object.keys(localStorage)) {
  if (key === 'ats.local-session' || key.startsWith('oidc.')) localStorage.removeItem(key);
}
