import { Alert } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';

/** Warns that the screen may be out of date: the device is offline, or the live connection is lost. */
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
        ? 'Connection lost. This page may be out of date. Reconnecting…'
        : 'You are offline. This page may be out of date. You can send and save again once you are back online.'}
    </Alert>
  );
}
