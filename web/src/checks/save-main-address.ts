import { answer, api } from '../api/client';
import { withMainAddress } from './main-address';

/** Makes this the candidate's main address, the one that invitations go to. */
export async function saveMainAddress(candidateId: string, email: string): Promise<void> {
  const params = { path: { id: candidateId } };
  const candidate = await answer(api.GET('/ats/v0/candidates/{id}', { params }));
  const email_addresses = withMainAddress(candidate.email_addresses, email);
  await answer(api.PATCH('/ats/v0/candidates/{id}', { params, body: { email_addresses } }));
}
