import { answer, api } from '../api/client';
import { mainAddress } from '../candidates/candidate';

/** Replaces the candidate's main address, the one that invitations go to. The other addresses stay. */
export async function saveMainAddress(candidateId: string, email: string): Promise<void> {
  const params = { path: { id: candidateId } };
  const candidate = await answer(api.GET('/ats/v0/candidates/{id}', { params }));
  const replaced = mainAddress(candidate);
  const others = candidate.email_addresses.filter(({ value }) => value !== replaced && value !== email);
  const email_addresses = [
    { value: email, is_primary: true },
    ...others.map(({ value }) => ({ value, is_primary: false })),
  ];
  await answer(api.PATCH('/ats/v0/candidates/{id}', { params, body: { email_addresses } }));
}
