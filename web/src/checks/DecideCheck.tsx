import { Button, Radio, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { answer, api } from '../api/client';
import { Confirm } from '../shell/Confirm';
import { useCheckAct } from './check';
import type { Check } from './words';

const sendAgain = 'send_again';

/** A person says what became of an order whose answer was lost and that could not be found out. */
export function DecideCheck({ check }: { check: Check }): ReactNode {
  const [asking, { open, close }] = useDisclosure();
  const [verdict, setVerdict] = useState<string | null>(null);
  const [hurried, setHurried] = useState(false);
  const { id } = check;
  const decide = useCheckAct(
    check,
    (_, signal) => {
      const body = verdict === sendAgain ? { send_again: true as const } : { case_id: verdict ?? '' };
      return answer(api.POST('/ats/v0/background_checks/{id}/decide', { params: { path: { id } }, body, signal }));
    },
    { errorShown: true, done: 'Decided.', onDone: close },
  );
  return (
    <>
      <Button size="compact-sm" onClick={open}>
        Decide
      </Button>
      <Confirm
        opened={asking}
        onClose={close}
        title="What happened to this check at Certn?"
        verb="Decide"
        otherwise="Cancel"
        act={{ ...decide, run: () => (verdict === null ? setHurried(true) : decide.run()) }}
      >
        <Stack>
          <Text size="sm">
            Certn&apos;s answer to the order for {check.sent_to} was lost. Look it up in your Certn account, then say
            what is there. This cannot be undone.
          </Text>
          <Verdicts check={check} value={verdict} onChoose={setVerdict} missing={hurried && verdict === null} />
        </Stack>
      </Confirm>
    </>
  );
}

interface VerdictsProps {
  check: Check;
  value: string | null;
  onChoose: (verdict: string) => void;
  /** Somebody wanted to go on without choosing. */
  missing: boolean;
}

function Verdicts({ check, value, onChoose, missing }: VerdictsProps): ReactNode {
  const cases = check.failure?.candidates ?? [];
  const cancelled = check.cancel_requested_at !== null;
  return (
    <Radio.Group label="In Certn" value={value} onChange={onChoose} error={missing && 'Choose one first.'}>
      <Stack gap="sm" mt="xs">
        {cases.map((caseId) => (
          <Radio key={caseId} value={caseId} label={`It is case ${caseId}`} />
        ))}
        <Radio
          value={sendAgain}
          label="Certn does not have it"
          description={
            cancelled
              ? 'Cancelling was asked for: it stays unsent.'
              : 'It is sent again. If Certn does have it after all, the candidate is invited, and you are charged, twice.'
          }
        />
      </Stack>
    </Radio.Group>
  );
}
