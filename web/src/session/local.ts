import { answer, api, type Schemas } from '../api/client';
import type { Identity } from './identity';

export type DemoPerson = Schemas['DemoPersonResponse'];

/** Where this browser keeps the session of a local run; every tab finds it. */
const place = 'ats.local-session';

interface Kept {
  token: string;
  expiresAt: number;
}

function kept(): Kept | null {
  const text = localStorage.getItem(place);
  return text === null ? null : (JSON.parse(text) as Kept);
}

/** The demo people of every team. */
export const demoPeople = (): Promise<DemoPerson[]> => answer(api.GET('/dev/users'));

/** Becomes one of them. */
export async function signInAs(person: DemoPerson): Promise<void> {
  const given = await answer(api.POST('/dev/sign-in', { body: { user_id: person.id } }));
  const session: Kept = { token: given.access_token, expiresAt: Date.now() + given.expires_in * 1000 };
  localStorage.setItem(place, JSON.stringify(session));
}

export const localIdentity: Identity = {
  async token() {
    const session = kept();
    return session && session.expiresAt > Date.now() ? session.token : null;
  },
  async forget() {
    localStorage.removeItem(place);
  },
  async signOut() {
    localStorage.removeItem(place);
    return 'done';
  },
};
