import { api } from '../api/client';
import { queryClient } from '../api/queries';
import { signInConfig } from './config';
import type { Identity } from './identity';
import { localIdentity } from './local';
import type { OidcIdentity } from './oidc';

let oidc: Promise<OidcIdentity> | undefined;

/** The provider's client, loaded only where people sign in with it. */
export function oidcIdentity(): Promise<OidcIdentity> {
  oidc ??= Promise.all([import('./oidc'), signInConfig()]).then(
    ([{ OidcIdentity }, config]) => new OidcIdentity(config),
  );
  return oidc;
}

async function identity(): Promise<Identity> {
  return (await signInConfig()).mode === 'local' ? localIdentity : oidcIdentity();
}

export async function currentToken(): Promise<string | null> {
  return (await identity()).token();
}

export type SignedOutWhy = 'left' | 'refused';
let tell: (why: SignedOutWhy) => void = () => undefined;

/** Where to go when the session ends, set once at start. */
export function whenSignedOut(listener: (why: SignedOutWhy) => void): void {
  tell = listener;
}

export async function signOut(): Promise<void> {
  if ((await (await identity()).signOut()) === 'leaving') return;
  queryClient.clear();
  tell('left');
}

/** The service no longer takes our token. */
export async function tokenRefused(): Promise<void> {
  await (await identity()).forget();
  queryClient.clear();
  tell('refused');
}

/** A tab that signs out takes the others along. */
window.addEventListener('storage', ({ oldValue, newValue }) => {
  if (oldValue === null || newValue !== null) return;
  void currentToken().then((token) => {
    if (token !== null) return;
    queryClient.clear();
    tell('left');
  });
});

api.use({
  async onRequest({ request, schemaPath }) {
    if (!schemaPath.startsWith('/ats/v0/')) return;
    const token = await currentToken();
    if (token !== null) request.headers.set('authorization', `Bearer ${token}`);
  },
  async onResponse({ response, schemaPath }) {
    if (response.status === 401 && schemaPath.startsWith('/ats/v0/')) await tokenRefused();
  },
});
