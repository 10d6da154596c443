import { Alert, Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import { candidateQuery } from './check';
import { DialogButtons } from './DialogButtons';
import { SandboxNotice } from './Environment';
import { SendError } from './SendError';
import { SentRecently } from './SentRecently';
import { useResend } from './useResend';
import type { Check } from './words';

interface ResendFormProps {
  check: Check;
  idempotencyKey: string;
  onClose: () => void;
}

/** Where the invitation of the new check goes, and what the user should know before it is sent. */
export function ResendForm({ check, idempotencyKey, onClose }: ResendFormProps): ReactNode {
  const { act, email, recent, ...resend } = useResend(check, idempotencyKey, onClose);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    act.run();
  };
  const wrong = act.error?.fields.email;
  const bounced = check.status === 'undeliverable' && email.trim() === check.sent_to;
  return (
    <form onSubmit={submit}>
      <Stack>
        {check.vendor.environment === 'sandbox' && <SandboxNotice vendor={check.vendor.name} />}
        <Text size="sm">
          A new check with the package {check.package.name} replaces this one. The invitation goes to:
        </Text>
        <Address check={check} email={email} error={wrong} onChange={resend.setEmail} />
        {resend.mayUpdateProfile && (
          <Checkbox
            label="Also update the candidate's profile"
            checked={resend.alsoProfile}
            onChange={(event) => resend.setAlsoProfile(event.currentTarget.checked)}
          />
        )}
        {bounced && (
          <Alert color="yellow" p="xs">
            The invitation to this address bounced. Correct the address, or resend if it works now.
          </Alert>
        )}
        {recent && <SentRecently check={recent} />}
        <SendError error={wrong === undefined ? act.error : null} />
        <DialogButtons verb={verbFor(bounced, recent)} act={act} onClose={onClose} />
      </Stack>
    </form>
  );
}

function verbFor(bounced: boolean, recent: Check | null): string {
  if (bounced) return 'Resend to the same address';
  return recent ? 'Resend anyway' : 'Resend';
}

interface AddressProps {
  check: Check;
  email: string;
  error: string | undefined;
  onChange: (email: string) => void;
}

/** The address, and the candidate's current ones, which may have been corrected since. */
function Address({ check, email, error, onChange }: AddressProps): ReactNode {
  const { data: candidate } = useQuery(candidateQuery(check.candidate_id));
  const others = (candidate?.email_addresses ?? []).filter(({ value }) => value !== email);
  return (
    <>
      <TextInput
        label="Email"
        type="email"
        required
        withAsterisk={false}
        data-autofocus
        value={email}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
      />
      {others.length > 0 && (
        <Group gap="xs">
          {others.map(({ value }) => (
            <Button key={value} size="compact-sm" variant="default" onClick={() => onChange(value)}>
              Use {value}
            </Button>
          ))}
        </Group>
      )}
    </>
  );
}
