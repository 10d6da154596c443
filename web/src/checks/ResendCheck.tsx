import { Alert, Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { answer, api } from '../api/client';
import { mainAddress } from '../candidates/candidate';
import { jobQuery } from '../jobs/job';
import { showError } from '../shell/useAct';
import { candidateQuery, useCheckAct } from './check';
import { SandboxNotice } from './Environment';
import { saveMainAddress } from './save-main-address';
import { SendError } from './SendError';
import { SentRecently } from './SentRecently';
import { useDuplicateWarning } from './useDuplicateWarning';
import type { Check } from './words';

/** Sends a new check that replaces one without a result, to the same or a corrected address. */
export function ResendCheck({ check }: { check: Check }): ReactNode {
  const [opened, { open, close }] = useDisclosure();
  const [idempotencyKey, setIdempotencyKey] = useState('');
  const begin = (): void => {
    setIdempotencyKey(crypto.randomUUID());
    open();
  };
  return (
    <>
      <Button size="compact-sm" onClick={begin}>
        {check.status === 'undeliverable' ? 'Correct address and resend' : 'Resend'}
      </Button>
      <Modal opened={opened} onClose={close} title="Resend background check">
        <ResendForm key={idempotencyKey} check={check} idempotencyKey={idempotencyKey} onClose={close} />
      </Modal>
    </>
  );
}

interface ResendFormProps {
  check: Check;
  idempotencyKey: string;
  onClose: () => void;
}

function ResendForm({ check, idempotencyKey, onClose }: ResendFormProps): ReactNode {
  const [email, setEmail] = useState(check.sent_to ?? '');
  const [alsoProfile, setAlsoProfile] = useState(false);
  const client = useQueryClient();
  const mayUpdate = useMayUpdateProfile(check, email.trim());
  const { recent, confirmed } = useDuplicateWarning({
    packageId: check.package.id,
    address: email.trim(),
    replaces: check.id,
  });
  const resend = useCheckAct(
    check,
    async (_, signal) => {
      if (!(await confirmed())) return null;
      const params = { path: { id: check.id }, header: { 'Idempotency-Key': idempotencyKey } };
      const sent = await answer(
        api.POST('/ats/v0/background_checks/{id}/resend', { params, body: { email: email.trim() }, signal }),
      );
      if (alsoProfile && mayUpdate) await updateProfile();
      return sent;
    },
    { errorShown: true, done: 'A new check is on its way to Certn.', onDone: onClose },
  );
  /** The check is sent by then: a failure here is reported on its own. */
  const updateProfile = async (): Promise<void> => {
    try {
      await saveMainAddress(check.candidate_id, email.trim());
    } catch (error) {
      showError(error, 'The check was resent, but the profile was not updated');
    }
    void client.invalidateQueries({ queryKey: candidateQuery(check.candidate_id).queryKey });
    void client.invalidateQueries({ queryKey: ['candidates'] });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    resend.run();
  };
  const wrong = resend.error?.fields.email;
  const bounced = check.status === 'undeliverable' && email.trim() === check.sent_to;
  return (
    <form onSubmit={submit}>
      <Stack>
        {check.vendor.environment === 'sandbox' && <SandboxNotice />}
        <Text size="sm">
          A new check with the package {check.package.name} replaces this one. The invitation goes to:
        </Text>
        <TextInput
          label="Email"
          type="email"
          required
          withAsterisk={false}
          data-autofocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={wrong}
        />
        <OwnAddress check={check} onChoose={setEmail} chosen={email} />
        {mayUpdate && (
          <Checkbox
            label="Also update the candidate's profile"
            checked={alsoProfile}
            onChange={(event) => setAlsoProfile(event.currentTarget.checked)}
          />
        )}
        {bounced && (
          <Alert color="yellow" p="xs">
            The invitation to this address bounced. Correct the address, or resend if it works now.
          </Alert>
        )}
        {recent && <SentRecently check={recent} />}
        <SendError error={wrong === undefined ? resend.error : null} />
        <Group justify="flex-end">
          <Button
            variant="default"
            onClick={() => {
              resend.reset();
              onClose();
            }}
          >
            Cancel
          </Button>
          <Button type="submit" loading={resend.running}>
            {bounced ? 'Resend to the same address' : recent ? 'Resend anyway' : 'Resend'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The address differs from the candidate's main one, and the user may change the candidate. */
function useMayUpdateProfile(check: Check, email: string): boolean {
  const { data: candidate } = useQuery(candidateQuery(check.candidate_id));
  const { data: job } = useQuery(jobQuery(check.job_id));
  // The service allows changes of a candidate under the same rule as changes of the plan.
  const mayChange = job?.capabilities.includes('edit_interview_plan') === true;
  return mayChange && candidate !== undefined && mainAddress(candidate) !== email;
}

interface OwnAddressProps {
  check: Check;
  chosen: string;
  onChoose: (email: string) => void;
}

/** The candidate's current addresses, which may have been corrected since. */
function OwnAddress({ check, chosen, onChoose }: OwnAddressProps): ReactNode {
  const candidate = useQuery(candidateQuery(check.candidate_id));
  const others = (candidate.data?.email_addresses ?? []).filter(({ value }) => value !== chosen);
  if (others.length === 0) return null;
  return (
    <Group gap="xs">
      {others.map(({ value }) => (
        <Button key={value} size="compact-sm" variant="default" onClick={() => onChoose(value)}>
          Use {value}
        </Button>
      ))}
    </Group>
  );
}
