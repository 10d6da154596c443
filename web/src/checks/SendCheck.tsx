import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconSend } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { type Recipient, SendCheckForm } from './SendCheckForm';
import type { Check, PlanItem } from './words';

interface SendCheckProps {
  item: PlanItem;
  /** The newest check sent from this activity. */
  latest: Check | null;
  recipient: Recipient;
  /** The check was sent and the button is gone: the focus must move. */
  onGone: () => void;
}

/** The button of an activity and its dialog. The dialog stays open when another user sends first, and says so. */
export function SendCheck({ item, latest, recipient, onGone }: SendCheckProps): ReactNode {
  const [opened, { open, close }] = useDisclosure();
  // One key per opening: repeated submits within it send one check.
  const [idempotencyKey, setIdempotencyKey] = useState('');
  const [sent, setSent] = useState(false);
  const isGone = sent && !item.can_send;
  useEffect(() => {
    if (!isGone) return;
    setSent(false);
    onGone();
  }, [isGone, onGone]);
  const begin = (): void => {
    setIdempotencyKey(crypto.randomUUID());
    open();
  };
  return (
    <>
      {item.can_send && (
        <Button
          variant={latest === null ? 'filled' : 'default'}
          leftSection={<IconSend aria-hidden size={16} />}
          onClick={begin}
        >
          Send background check
        </Button>
      )}
      <Modal opened={opened} onClose={close} title="Send background check">
        <SendCheckForm
          key={idempotencyKey}
          item={item}
          earlier={latest}
          recipient={recipient}
          idempotencyKey={idempotencyKey}
          onClose={close}
          onSent={() => {
            setSent(true);
            close();
          }}
        />
      </Modal>
    </>
  );
}
