import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { CopyField } from '../shell/CopyField';

/** A secret, the only time that it is shown. `children`: what else to know about it. */
export function SecretShown({
  secret,
  onDone,
  children,
}: {
  secret: string;
  onDone: () => void;
  children?: ReactNode;
}): ReactNode {
  return (
    <Stack>
      <Alert color="yellow" icon={<IconKey aria-hidden />} role="note">
        Copy the secret now: it is not shown again. The receiver verifies with it that an event is ours.
      </Alert>
      <CopyField label="Secret" value={secret} />
      {children !== undefined && <Text size="sm">{children}</Text>}
      <Group justify="flex-end">
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}
