import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { answer, api } from '../api/client';
import { SandboxNotice } from './Environment';
import { candidateQuery, useCheckAct } from './check';
import { SendRefusal } from './SendRefusal';
import { SentLately } from './SentLately';
import { useAskedOnce } from './useAskedOnce';
import type { Check } from './words';

/** A new check in place of one that came to nothing, to the same address or a corrected one: its next step. */
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
      <Modal opened={opened} onClose={close} title="Send this background check again">
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
  const { lately, mayGoOn } = useAskedOnce({ packageId: check.package.id, address: email.trim(), replaces: check.id });
  const resend = useCheckAct(
    check,
    async (_, signal) => {
      if (!(await mayGoOn())) return null;
      const params = { path: { id: check.id }, header: { 'Idempotency-Key': idempotencyKey } };
      return answer(
        api.POST('/ats/v0/background_checks/{id}/resend', { params, body: { email: email.trim() }, signal }),
      );
    },
    { errorShown: true, done: 'A new check is on its way to Certn.', onDone: onClose },
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    resend.run();
  };
  const wrong = resend.error?.fields.email;
  const bounced = check.status === 'undeliverable' && email.trim() === check.sent_to;
  return (
    <form onSubmit={submit}>
      <Stack>
        {check.certn.environment === 'sandbox' && <SandboxNotice />}
        <Text size="sm">
          A new check with the package {check.package.name} takes the place of this one, and Certn writes to:
        </Text>
        <TextInput
          label="E-mail"
          type="email"
          required
          withAsterisk={false}
          data-autofocus
          description="For this check only. The candidate's own address stays as it is."
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={wrong}
        />
        <OwnAddress check={check} onChoose={setEmail} chosen={email} />
        {bounced && (
          <Alert color="yellow" p="xs">
            The invitation to this address came back. Correct it, or resend to it if it works by now.
          </Alert>
        )}
        {lately && <SentLately check={lately} />}
        <SendRefusal error={wrong === undefined ? resend.error : null} />
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
            {bounced ? 'Resend to the same address' : lately ? 'Resend anyway' : 'Resend'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface OwnAddressProps {
  check: Check;
  chosen: string;
  onChoose: (email: string) => void;
}

/** The candidate's addresses as they are now: perhaps the mistake was corrected there. */
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
