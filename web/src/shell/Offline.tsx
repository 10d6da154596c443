import { Alert } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';

/** Says that what is on screen may be out of date: this device is offline, or the live connection is lost. */
export function Offline({ lost }: { lost: boolean }): ReactNode {
  const { online } = useNetwork();
  const wasOnline = useRef(true);
  useEffect(() => {
    if (online && !wasOnline.current) notifications.show({ message: 'You are back online.' });
    wasOnline.current = online;
  }, [online]);
  if (online && !lost) return null;
  return (
    <Alert color="yellow" mb="md" role="status" icon={<IconPlugConnectedX aria-hidden />}>
      {online
        ? 'The connection was lost: what you see may be out of date. Trying to connect again.'
        : 'You are offline. What you see may be out of date, and nothing can be sent or saved until you are back online.'}
    </Alert>
  );
}
