import { answer, api } from '../api/client';
import { isStale, tagged, unlessChanged } from '../api/tags';
import { withMainAddress } from './main-address';

/**
 * Makes this the candidate's main address, the one that invitations go to. Addresses that others save meanwhile stay: then it is done
 * again with theirs.
 */
export async function saveMainAddress(candidateId: string, email: string, triesLeft = 3): Promise<void> {
  const path = { id: candidateId };
  const candidate = await tagged(api.GET('/ats/v0/candidates/{id}', { params: { path } }));
  const email_addresses = withMainAddress(candidate.email_addresses, email);
  const params = { path, header: unlessChanged(candidate) };
  try {
    await answer(api.PATCH('/ats/v0/candidates/{id}', { params, body: { email_addresses } }));
  } catch (error) {
    if (!isStale(error) || triesLeft === 0) throw error;
    await saveMainAddress(candidateId, email, triesLeft - 1);
  }
}
