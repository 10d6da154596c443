import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { ResendForm } from './ResendForm';
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
