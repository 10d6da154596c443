import { Alert, Stack, Table, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { answer, api } from '../api/client';
import { keys, showCheck } from '../api/live-queries';
import { vendorOf } from '../integrations/vendor-words';
import { packagesQuery } from '../jobs/packages';
import { type Act, useAct } from '../shell/useAct';
import { DialogButtons } from './DialogButtons';
import { SandboxNotice, useEnvironment } from './Environment';
import { PackageField } from './PackageField';
import { When } from '../shell/When';
import { SendError } from './SendError';
import { SentRecently } from './SentRecently';
import { useDuplicateWarning } from './useDuplicateWarning';
import type { Check, PlanItem } from './words';

/** The candidate, and the address of the invitation. */
export interface Recipient {
  applicationId: string;
  name: string;
  job: string;
  /** Null when unknown here; the service decides. */
  address: string | null;
}

interface SendCheckFormProps {
  item: PlanItem;
  /** The last check sent from this activity. Sending adds another one. */
  earlier: Check | null;
  recipient: Recipient;
  idempotencyKey: string;
  onClose: () => void;
  onSent: () => void;
}

/** What the user should know before the vendor invites the candidate. The activity's package is preselected. */
export function SendCheckForm({ earlier, onClose, ...props }: SendCheckFormProps): ReactNode {
  const { item, recipient } = props;
  const vendor = vendorOf(item);
  const environment = useEnvironment(vendor.id);
  const own = item.package;
  const [packageId, setPackageId] = useState(own?.available === true ? (own.id ?? '') : '');
  const { recent, confirmed } = useDuplicateWarning({ packageId, address: recipient.address });
  const send = useSend({ ...props, packageId, confirmed });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    send.run();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {environment === 'sandbox' && <SandboxNotice vendor={vendor.name} />}
        {earlier !== null && earlier.id !== recent?.id && <Earlier check={earlier} />}
        {own?.available === false && (
          <Text size="sm">
            The package of this activity, {own.name ?? 'unnamed'}, is no longer available at {vendor.name}. Choose
            another.
          </Text>
        )}
        <PackageField vendor={vendor} own={own} value={packageId} onChoose={setPackageId} />
        <Facts recipient={recipient} environment={environment} />
        {recent && <SentRecently check={recent} />}
        <SendError error={send.error} />
        <DialogButtons verb={recent ? 'Send anyway' : 'Send background check'} act={send} onClose={onClose} />
      </Stack>
    </form>
  );
}

interface Send extends Pick<SendCheckFormProps, 'item' | 'recipient' | 'idempotencyKey' | 'onSent'> {
  packageId: string;
  /** Whether the user confirmed what needs it. */
  confirmed: () => Promise<boolean>;
}

function useSend({ item, recipient, idempotencyKey, packageId, confirmed, onSent }: Send): Act<void> {
  const client = useQueryClient();
  const { applicationId, name } = recipient;
  const vendor = vendorOf(item);
  return useAct(
    async (_, signal) => {
      if (!(await confirmed())) return null;
      const params = { path: { id: applicationId }, header: { 'Idempotency-Key': idempotencyKey } };
      const body = { job_stage_item_id: item.id, package_id: packageId };
      return answer(api.POST('/ats/v0/applications/{id}/background_checks', { params, body, signal }));
    },
    {
      errorShown: true,
      done: `The background check for ${name} is on its way to ${vendor.name}.`,
      refresh: [keys.plan(applicationId), keys.checks, packagesQuery(vendor.id).queryKey],
      onDone: (check) => {
        showCheck(client, check);
        onSent();
      },
    },
  );
}

function Facts({ recipient, environment }: { recipient: Recipient; environment: string | null }): ReactNode {
  return (
    <Table variant="vertical" layout="auto">
      <Table.Tbody>
        <Fact name="Candidate">{recipient.name}</Fact>
        <Fact name="Job">{recipient.job}</Fact>
        <Fact name="Invitation goes to">{recipient.address ?? "The candidate's email address"}</Fact>
        {environment !== null && <Fact name="Environment">{environment === 'sandbox' ? 'Sandbox' : 'Production'}</Fact>}
      </Table.Tbody>
    </Table>
  );
}

function Earlier({ check }: { check: Check }): ReactNode {
  return (
    <Alert color="yellow" p="xs">
      {check.package.name} was sent from this activity <When at={check.requested_at} /> and is now{' '}
      {check.status_label.toLowerCase()}. This orders a second check, and your team is charged for it.
    </Alert>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <Table.Tr>
      <Table.Th scope="row">{name}</Table.Th>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{children}</Table.Td>
    </Table.Tr>
  );
}
