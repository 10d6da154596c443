import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../api/client';
import { mainAddress } from '../candidates/candidate';
import { jobQuery } from '../jobs/job';
import { type Act, showError } from '../shell/useAct';
import { candidateQuery, useCheckAct } from './check';
import { saveMainAddress } from './save-main-address';
import { useDuplicateWarning } from './useDuplicateWarning';
import type { Check } from './words';

interface Resend {
  email: string;
  setEmail: (email: string) => void;
  /** The user may change the candidate's main address, and it differs. */
  mayUpdateProfile: boolean;
  alsoProfile: boolean;
  setAlsoProfile: (also: boolean) => void;
  /** A recent check with the same package to that address. */
  recent: Check | null;
  act: Act<void>;
}

/** A new check in the place of this one, to an address that the user may correct. */
export function useResend(check: Check, idempotencyKey: string, onDone: () => void): Resend {
  const [email, setEmail] = useState(check.sent_to ?? '');
  const [alsoProfile, setAlsoProfile] = useState(false);
  const address = email.trim();
  const mayUpdateProfile = useMayUpdateProfile(check, address);
  const updateProfile = useUpdateProfile(check);
  const { recent, confirmed } = useDuplicateWarning({ packageId: check.package.id, address, replaces: check.id });
  const act = useCheckAct(
    check,
    async (_, signal) => {
      if (!(await confirmed())) return null;
      const params = { path: { id: check.id }, header: { 'Idempotency-Key': idempotencyKey } };
      const body = { email: address };
      const sent = await answer(api.POST('/ats/v0/background_checks/{id}/resend', { params, body, signal }));
      if (alsoProfile && mayUpdateProfile) await updateProfile(address);
      return sent;
    },
    { errorShown: true, done: `A new check is on its way to ${check.vendor.name}.`, onDone },
  );
  return { email, setEmail, mayUpdateProfile, alsoProfile, setAlsoProfile, recent, act };
}

/** The address differs from the candidate's main one, and the user may change the candidate. */
function useMayUpdateProfile(check: Check, address: string): boolean {
  const { data: candidate } = useQuery(candidateQuery(check.candidate_id));
  const { data: job } = useQuery(jobQuery(check.job_id));
  // The service allows changes of a candidate under the same rule as changes of the plan.
  const mayChange = job?.capabilities.includes('edit_interview_plan') === true;
  return mayChange && candidate !== undefined && mainAddress(candidate) !== address;
}

/** The check is sent by then: a failure here is reported on its own. */
function useUpdateProfile({ candidate_id: id }: Check): (address: string) => Promise<void> {
  const client = useQueryClient();
  return async (address) => {
    try {
      await saveMainAddress(id, address);
    } catch (error) {
      showError(error, 'The check was resent, but the profile was not updated');
    }
    void client.invalidateQueries({ queryKey: candidateQuery(id).queryKey });
    void client.invalidateQueries({ queryKey: ['candidates'] });
  };
}
